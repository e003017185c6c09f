import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** What a process of proxies is told; `open` is answered with the number and the port. */
export type ProxyOrder =
  | { readonly number: number; readonly order: 'open'; readonly targetPort: number }
  | { readonly number: number; readonly order: 'cut' | 'stall' | 'mend' | 'close' }
  | { readonly number: number; readonly order: 'lead'; readonly targetPort: number }
  | { readonly number: number; readonly order: 'delay'; readonly ms: number }

export interface ProxyOpened {
  readonly number: number
  readonly port: number
}

const proxies = new Map<number, TcpProxy>()

process.on('message', async (message: ProxyOrder) => {
  const { number } = message
  if (message.order === 'open') {
    const opened = await openTcpProxy(message.targetPort)
    proxies.set(number, opened)
    process.send?.({ number, port: opened.port } satisfies ProxyOpened)
    return
  }
  const proxy = proxies.get(number)
  if (message.order === 'lead') proxy?.lead(message.targetPort)
  else if (message.order === 'delay') proxy?.delay(message.ms)
  else if (message.order === 'close') await proxy?.[Symbol.asyncDispose]()
  else proxy?.[message.order]()
})

// Its parent is gone.
process.on('disconnect', () => process.exit())
