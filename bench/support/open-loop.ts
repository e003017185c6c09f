import { type Connection, open, writeRequest } from './http-load.ts'

export interface Sample {
  readonly status: number
  readonly ms: number
}

export interface Asked {
  readonly token: string
  readonly body: string
}

/** Asks over connections that stay open, each for one request at a time. */
export function createClient(origin: string) {
  const port = Number(new URL(origin).port)
  const idle: Connection[] = []
  const all: Connection[] = []

  async function ask({ token, body }: Asked): Promise<Sample> {
    const start = performance.now()
    const connection = takeIdle() ?? (await connect())
    const headers = { authorization: `Bearer ${token}` }
    const { status } = await connection.ask(writeRequest({ path: '/graphql', body, headers }))
    idle.push(connection)
    return { status, ms: performance.now() - start }
  }

  function takeIdle(): Connection | undefined {
    let connection = idle.pop()
    while (connection && !connection.isOpen) connection = idle.pop()
    return connection
  }

  async function connect(): Promise<Connection> {
    const connection = await open(port)
    all.push(connection)
    return connection
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
      for (const connection of all) connection.close()
    },
  }
}
