import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { measureRound, type Round } from './measure.ts'

/** One way of answering that runs in a process of its own: nobody pays for another's heap or code. */
export interface OwnProcess {
  /** What one run gives, for comparison. */
  answer(): Promise<string>
  /** Runs for so long. */
  measure(ms: number): Promise<Round>
  close(): Promise<void>
}

type Order = { readonly measure: number } | { readonly answer: true }
type Report = Round | { readonly text: string } | { readonly error: string }

/** Starts `module` once more with these arguments; there, `serveWay` takes the orders. */
export async function forkWay(module: string, args: readonly string[]): Promise<OwnProcess> {
  const name = args.join('/')
  const child = fork(module, args, { execArgv: process.execArgv, stdio: 'inherit' })
  await once(child, 'message')
  return {
    answer: async () => {
      const report = await tell(child, { answer: true })
      if (!('text' in report)) throw new Error(`${name} gave no text`)
      return report.text
    },
    measure: async (ms) => {
      const report = await tell(child, { measure: ms })
      if (!('p50Ms' in report)) throw new Error(`${name} gave no round`)
      return report
    },
    close: async () => {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

/** Takes orders until the parent lets go. */
export async function serveWay(run: () => Promise<string>): Promise<void> {
  const work = async (order: Order): Promise<Report> => {
    if ('answer' in order) return { text: await run() }
    return measureRound(run, order.measure)
  }
  process.on('message', (order: Order) => {
    work(order).then(
      (report) => process.send?.(report),
      (error: unknown) => process.send?.({ error: String(error) }),
    )
  })
  process.send?.('ready')
  await once(process, 'disconnect')
}

async function tell(child: ChildProcess, order: Order): Promise<Report> {
  child.send(order)
  const ended = once(child, 'exit').then(([code]) => ({ error: `ended with code ${code}` }))
  const [report] = (await Promise.race([
    once(child, 'message'),
    ended.then((report) => [report]),
  ])) as [Report]
  if ('error' in report) throw new Error(report.error)
  return report
}
