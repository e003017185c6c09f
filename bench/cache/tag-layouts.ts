/**
 * Which layout of tag epochs: bytes per tag, and Redis' own CPU for checking 10, 50 and 500 tags and
 * for announcing 5 tags, beside 200,000 others. Runs on the server of BENCH_REDIS_URL, else on a
 * private one; server CPU and not elapsed time, because the machine may have other work.
 */
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { printTable } from '../support/report.ts'

interface Layout {
  readonly keys: readonly string[]
  /** ARGV[1]: tags of 8 bytes, one after the other. */
  readonly check: string
  /** ARGV[1] as above, ARGV[2] the epoch. */
  readonly announce: string
}

const split = `
local tags = {}
for i = 1, #ARGV[1], 8 do tags[#tags + 1] = string.sub(ARGV[1], i, i + 7) end`

const pairsOf = (order: string) => `
local pairs = {}
for i = 1, #ARGV[1], 8 do local tag = string.sub(ARGV[1], i, i + 7); ${order} end`

const layouts: Record<string, Layout> = {
  'sorted set by epoch': {
    keys: ['tags'],
    check: `${split}
return #redis.call('ZMSCORE', KEYS[1], unpack(tags))`,
    announce: `${pairsOf('pairs[#pairs + 1] = ARGV[2]; pairs[#pairs + 1] = tag')}
return redis.call('ZADD', KEYS[1], unpack(pairs))`,
  },
  'one hash (cannot be swept by age)': {
    keys: ['tags'],
    check: `${split}
return #redis.call('HMGET', KEYS[1], unpack(tags))`,
    announce: `${pairsOf('pairs[#pairs + 1] = tag; pairs[#pairs + 1] = ARGV[2]')}
return redis.call('HSET', KEYS[1], unpack(pairs))`,
  },
  'two hashes, rotated': {
    keys: ['now', 'before'],
    check: `${split}
return #redis.call('HMGET', KEYS[1], unpack(tags)) + #redis.call('HMGET', KEYS[2], unpack(tags))`,
    announce: `${pairsOf('pairs[#pairs + 1] = tag; pairs[#pairs + 1] = ARGV[2]')}
return redis.call('HSET', KEYS[1], unpack(pairs))`,
  },
  'a key per tag (expires one by one)': {
    keys: [],
    check: `${split}
return #redis.call('MGET', unpack(tags))`,
    announce: `
for i = 1, #ARGV[1], 8 do redis.call('SET', string.sub(ARGV[1], i, i + 7), ARGV[2], 'EX', 3600) end`,
  },
}

const others = 200_000
const calls = Number(process.env.CALLS ?? 4_000)
const server = process.env.BENCH_REDIS_URL
  ? { url: process.env.BENCH_REDIS_URL, [Symbol.asyncDispose]: async () => {} }
  : await startPrivateRedis()
const redis = new Redis(server.url, { protocol: 2 })
const rows: string[][] = []
for (const [name, layout] of Object.entries(layouts)) rows.push([name, ...(await measure(layout))])
const head = ['layout', 'bytes per tag', 'check 10 us', 'check 50', 'check 500', 'announce 5']
process.stdout.write(`${printTable(head, rows)}\n`)
redis.disconnect()
await server[Symbol.asyncDispose]()

async function measure(layout: Layout): Promise<string[]> {
  await redis.flushall()
  const empty = await info('used_memory')
  const tags = randomBytes(8 * others)
  for (let i = 0; i < tags.length; i += 8_000) {
    await run(layout.announce, layout.keys, [tags.subarray(i, i + 8_000), `${epoch(i)}`])
  }
  if (layout.keys.length === 2) await fillOther(tags, layout)
  const bytes = ((await info('used_memory')) - empty) / others
  const some = (count: number, i: number) => {
    const at = ((i * 7919) % (others - count)) * 8
    return tags.subarray(at, at + 8 * count)
  }
  const figures: number[] = []
  for (const count of [10, 50, 500]) {
    figures.push(await cpu((i) => run(layout.check, layout.keys, [some(count, i)])))
  }
  figures.push(
    await cpu((i) => run(layout.announce, layout.keys, [some(5, i), `${epoch(others + i)}`])),
  )
  const idle = await cpu(() => run('return 1', [], []))
  return [bytes.toFixed(0), ...figures.map((us) => Math.max(0, us - idle).toFixed(1))]
}

/** Half of all tags were announced in the former period too, as hot ones are. */
async function fillOther(tags: Buffer, { announce, keys }: Layout): Promise<void> {
  for (let i = 0; i < tags.length / 2; i += 8_000) {
    await run(announce, [...keys].reverse(), [tags.subarray(i, i + 8_000), `${epoch(i)}`])
  }
}

/** Epochs have as many digits as microseconds since 1970. */
function epoch(i: number): number {
  return 1_760_000_000_000_000 + i
}

function run(script: string, keys: readonly string[], args: (string | Buffer)[]): Promise<unknown> {
  return redis.eval(script, keys.length, ...keys, ...args)
}

/** Microseconds of the server's CPU for one call. */
async function cpu(call: (i: number) => Promise<unknown>): Promise<number> {
  const before = await serverCpu()
  for (let i = 0; i < calls; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, j) => call(i + j)))
  }
  return ((await serverCpu()) - before) / calls
}

async function serverCpu(): Promise<number> {
  return ((await info('used_cpu_user')) + (await info('used_cpu_sys'))) * 1e6
}

async function info(field: string): Promise<number> {
  return Number((await redis.info()).match(new RegExp(`^${field}:(.*)$`, 'm'))?.[1])
}
