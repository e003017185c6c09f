import { connect, type Socket } from 'node:net'

export interface Sample {
  readonly status: number
  readonly ms: number
}

export interface Asked {
  readonly token: string
  readonly body: string
}

/**
 * Asks over plain sockets that stay open, each for one request at a time: Node's own client would cost
 * as much as the server that is measured.
 */
export function createClient(origin: string) {
  const { hostname, port, host } = new URL(origin)
  const idle: Line[] = []
  const all: Line[] = []

  async function ask(asked: Asked): Promise<Sample> {
    const line = idle.pop() ?? open()
    const start = performance.now()
    const status = await line.send(textOf(host, asked))
    idle.push(line)
    return { status, ms: performance.now() - start }
  }

  function open(): Line {
    const line = createLine(connect({ host: hostname, port: Number(port), noDelay: true }))
    all.push(line)
    return line
  }

  return {
    ask,
    /** So many clients, each of which asks again as soon as it has an answer; later when refused. */
    async closedLoop(clients: number, ms: number, next: () => Asked): Promise<readonly Sample[]> {
      const end = performance.now() + ms
      const samples: Sample[] = []
      const run = async () => {
        while (performance.now() < end) {
          const sample = await ask(next())
          samples.push(sample)
          if (sample.status !== 200) await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
      await Promise.all(Array.from({ length: clients }, run))
      return samples
    },
    /** Requests that come at random times, so many a second, whether or not others were answered. */
    async openLoop(perSecond: number, ms: number, next: () => Asked): Promise<readonly Sample[]> {
      const samples: Promise<Sample>[] = []
      const begin = performance.now()
      for (let at = 0; at < ms; at += (-Math.log(1 - Math.random()) / perSecond) * 1_000) {
        const wait = begin + at - performance.now()
        if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
        samples.push(ask(next()))
      }
      return Promise.all(samples)
    },
    close: () => {
      for (const line of all) line.close()
    },
  }
}

interface Line {
  /** The status of the answer, when all of it is there. */
  send(text: string): Promise<number>
  close(): void
}

function createLine(socket: Socket): Line {
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null
  let head = ''
  let missing = 0
  let status = 0

  socket.setEncoding('latin1')
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('The server hung up')))
  socket.on('data', (text: string) => {
    if (missing > 0) missing -= text.length
    else readHead(head + text)
    if (missing > 0 || head !== '') return
    waiting?.resolve(status)
    waiting = null
  })

  function readHead(text: string): void {
    const end = text.indexOf('\r\n\r\n')
    head = end < 0 ? text : ''
    if (end < 0) return
    status = Number(text.slice(9, 12))
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
    missing = length - (text.length - end - 4)
  }

  return {
    send(text) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(text)
      })
    },
    close: () => socket.destroy(),
  }
}

function textOf(host: string, { token, body }: Asked): string {
  return `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
