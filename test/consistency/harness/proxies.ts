import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProxyOpened, ProxyOrder } from './proxy-process.ts'
import type { TcpProxy } from './tcp-proxy.ts'

/** Proxies in a process of their own, so that a checker that is busy judging delays nobody. */
export interface Proxies extends AsyncDisposable {
  open(targetPort: number): Promise<TcpProxy>
}

export function startProxies(): Proxies {
  const script = fileURLToPath(new URL('proxy-process.ts', import.meta.url))
  const child = fork(script, { execArgv: ['--import', 'tsx'], stdio: 'inherit' })
  const awaited = new Map<number, (port: number) => void>()
  let count = 0
  child.on('message', ({ number, port }: ProxyOpened) => awaited.get(number)?.(port))

  return {
    async open(targetPort) {
      const number = ++count
      const tell = (order: ProxyOrder) => void (child.connected && child.send(order))
      const port = await new Promise<number>((resolve) => {
        awaited.set(number, resolve)
        tell({ number, order: 'open', targetPort })
      })
      return {
        port,
        cut: () => tell({ number, order: 'cut' }),
        stall: () => tell({ number, order: 'stall' }),
        delay: (ms) => tell({ number, order: 'delay', ms }),
        lead: (targetPort) => tell({ number, order: 'lead', targetPort }),
        mend: () => tell({ number, order: 'mend' }),
        [Symbol.asyncDispose]: async () => tell({ number, order: 'close' }),
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}
