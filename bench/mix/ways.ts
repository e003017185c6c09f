import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { benchSecret } from '../support/bench-secret.ts'
import { copyDatabase } from '../support/copy-database.ts'
import { farLimits } from '../support/far-limits.ts'
import {
  load,
  open,
  type RawAnswer,
  type RawRequest,
  readJson,
  readText,
} from '../support/http-load.ts'
import { quantile } from '../support/measure.ts'
import { product } from '../support/product.ts'
import { startServer } from '../support/server-process.ts'

export interface MixRound {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  /** Of the server's process, for each request. */
  readonly cpuMs: number
  /** Of all requests, those that were answered from a cache. */
  readonly hitShare: number
  readonly memoryMb: number
}

/** One way of serving the mix, on a copy of the database that others do not write to. */
export interface MixWay {
  readonly name: string
  measure(next: () => RawRequest, ms: number): Promise<MixRound>
  /** Sends so many before anything is measured. */
  fill(next: () => RawRequest, count: number): Promise<void>
  /** @throws Error when one is told what was answered to the other */
  tellApart(requests: readonly RawRequest[]): Promise<void>
}

interface Kind {
  readonly name: string
  readonly script: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Whether an answer is from a cache. */
  readonly isHit: (answer: RawAnswer) => boolean
}

const kinds: readonly Kind[] = [
  {
    name: 'no cache',
    ...product,
    env: { CACHE: 'false' },
    isHit: () => false,
  },
  {
    ...{ name: 'Loadline', ...product, env: {} },
    isHit: ({ head }) => /^cache-status: loadline; hit/im.test(head),
  },
  {
    ...{ name: 'stock plugin', script: 'mix/stock-server.ts', cwd: '.', env: {} },
    isHit: (answer) => readText(answer).includes('"responseCache":{"hit":true'),
  },
]

interface Answer {
  readonly data: unknown
}

const connections = 20

export async function startMixWays(
  databaseUrl: string,
): Promise<{ readonly all: readonly MixWay[] } & AsyncDisposable> {
  const opened: AsyncDisposable[] = []
  const keep = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one)
    return one
  }
  const close = async () => {
    for (const one of opened.reverse()) await one[Symbol.asyncDispose]()
  }
  try {
    const all: MixWay[] = []
    for (const [index, kind] of kinds.entries()) {
      const copy = keep(await copyDatabase(databaseUrl, `mix${index}`))
      const redis = keep(await startPrivateRedis())
      all.push(await startWay(kind, copy.url, redis.url))
    }
    return { all, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }

  async function startWay(
    { name, script, cwd, env, isHit }: Kind,
    url: string,
    redisUrl: string,
  ): Promise<MixWay> {
    const server = keep(
      await startServer({
        ...{ script, ...(cwd === '.' ? {} : { cwd }) },
        env: {
          ...{ DATABASE_URL: url, REDIS_URL: redisUrl, AUTH_JWT_SECRET: benchSecret },
          ...{ LOADLINE_LIMITS: farLimits, LOG_LEVEL: 'warn', DATABASE_POOL_SIZE: '10', ...env },
        },
      }),
    )
    return {
      name,
      async measure(next, ms) {
        const cpuMs = server.cpuMs()
        const sampled = { answers: 0, hits: 0 }
        let turn = 0
        const { requests, failures, seconds, latencies } = await load({
          ...{ port: server.port, next, connections, ms },
          isMeasured(answer) {
            // Who unpacks every answer keeps the server waiting.
            if (turn++ % 8 === 0) {
              sampled.answers += 1
              sampled.hits += isHit(answer) ? 1 : 0
            }
            return true
          },
        })
        if (failures > 0) throw new Error(`${name} failed ${failures} of ${requests} times`)
        return {
          perSecond: requests / seconds,
          p50Ms: quantile(latencies, 0.5),
          p95Ms: quantile(latencies, 0.95),
          cpuMs: (server.cpuMs() - cpuMs) / requests,
          hitShare: sampled.hits / sampled.answers,
          memoryMb: server.memoryMb(),
        }
      },
      async tellApart(requests) {
        const connection = await open(server.port)
        const answers: string[] = []
        // Twice: the second ones are from the cache.
        for (const request of [...requests, ...requests]) {
          answers.push(JSON.stringify((readJson(await connection.ask(request)) as Answer).data))
        }
        connection.close()
        const [first, second, firstAgain, secondAgain] = answers
        if (first === second || first !== firstAgain || second !== secondAgain) {
          throw new Error(`${name} confuses people: ${answers.join(' ')}`)
        }
      },
      async fill(next, count) {
        await load({ port: server.port, next, connections, ms: 600_000, most: count })
      },
    }
  }
}
