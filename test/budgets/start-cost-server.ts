import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type CostServerOptions, type CostServerPorts, collect, type Usage } from './cost-server.ts'
import type { CostWorkload } from './cost-workloads.ts'
import { createSender, type Requests } from './send-requests.ts'

const loader = new URL('../../scripts/typescript.js', import.meta.url).href

export interface CostServer extends AsyncDisposable {
  requestsOf(workload: CostWorkload): Requests
  /** Those of the reference, which asks the database if the workload does. */
  referenceOf(workload: CostWorkload): Requests
  send(requests: Requests): Promise<void>
  /** Sends them and tells what each has used; `collections` of all together. */
  measure(requests: Requests): Promise<Usage>
}

/** A process that answers and knows what that costs. */
export async function startCostServer(
  options: CostServerOptions & { readonly token: string },
): Promise<CostServer> {
  const { token, ...given } = options
  // Slices allocate less than a nursery holds: nothing is collected while they are measured.
  const nursery = ['--min-semi-space-size=64', '--max-semi-space-size=64', '--expose-gc']
  const optimising = given.countsCode ? ['--no-opt'] : []
  const child = fork(new URL('cost-server.ts', import.meta.url).pathname, [JSON.stringify(given)], {
    // As `npm start` has it: with tsx every function that is made costs more.
    execArgv: [...optimising, ...nursery, '--import', loader],
  })
  const ports = await hear<CostServerPorts>(child)
  // Those that come together share writes, some more and some less: what is counted comes alone.
  const atATime = given.countsCode ? 1 : 4
  const sender = createSender({ authorization: `Bearer ${token}` }, atATime)

  return {
    send: sender.send,

    requestsOf: ({ query, variables, isHit, requests: count, sent = count }) => ({
      port: isHit ? ports.keeping : ports.computing,
      body: JSON.stringify({ query, variables }),
      ...{ count, sent },
    }),

    referenceOf({ isHit = false }) {
      const count = isHit ? 80 : 30
      const body = JSON.stringify({ asksDatabase: !isHit, first: isHit ? 10 : 100 })
      return { port: ports.reference, body, count, sent: count }
    },

    async measure(requests) {
      const before = await tell(child, collect)
      await sender.send(requests)
      const after = await tell(child, 'tell')
      const each = (of: (usage: Usage) => number) => (of(after) - of(before)) / requests.count
      return {
        cpuUs: each(({ cpuUs }) => cpuUs),
        heapBytes: each(({ heapBytes }) => heapBytes),
        writes: each(({ writes }) => writes),
        code: after.code / requests.count,
        collections: after.collections - before.collections,
      }
    },

    async [Symbol.asyncDispose]() {
      sender.close()
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}

function tell(child: ChildProcess, order: string): Promise<Usage> {
  child.send(order)
  return hear(child)
}

async function hear<T>(child: ChildProcess): Promise<T> {
  const heard = new AbortController()
  const { signal } = heard
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The measured process ended with code ${code}`)
  })
  const [message] = await Promise.race([once(child, 'message', { signal }), ended])
  heard.abort()
  ended.catch(() => {})
  return message as T // what `serveCosts` sends
}
