/**
 * What a look-up in Redis costs beside a plain GET of the same answer, for 10, 50 and 500 tags, quiet
 * and under many announcements; what an announcement costs; what an entry weighs; and what is left
 * when all has expired. On the server of BENCH_REDIS_URL (it is emptied), else on a private one.
 * Elapsed times are medians of single calls; Redis' own CPU is steadier on a machine with other work.
 */
import { Redis } from 'ioredis'
import { createRedisStore } from '../../src/cache/redis-store.ts'
import type { CacheStore, Epoch } from '../../src/cache/store.ts'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { confirmReading, untilReachable } from '../../test/support/test-stores.ts'
import { printTable } from '../support/report.ts'

const calls = Number(process.env.CALLS ?? 2_000)
const answer = Buffer.alloc(20_000, 'x')
const tagCounts = [10, 50, 500]

await using server = process.env.BENCH_REDIS_URL
  ? { url: process.env.BENCH_REDIS_URL, async [Symbol.asyncDispose]() {} }
  : await startPrivateRedis()
const redis = new Redis(server.url, { protocol: 2 })
await redis.flushall()
await using store = openStore({})
await untilReachable(store)
const beating = setInterval(() => confirmReading(store).catch(() => {}), 500)
await confirmReading(store)

await measureLookUps()
await measureAnnouncements()
await measureMemory()
await measureEnd()
clearInterval(beating)
redis.disconnect()

function openStore(options: { readonly keepTagsMs?: number; readonly namespace?: string }) {
  const generation = () => ({ database: 'one history', answers: 'one build' })
  const heartbeatMs = 60_000
  const log = { info() {}, warn() {} }
  const wide = { collapseLimit: 1_000, heartbeatMs }
  return createRedisStore({ generation, url: server.url, log, ...wide, ...options })
}

async function measureLookUps(): Promise<void> {
  await redis.set('plain', answer)
  for (const count of tagCounts) await fill(store, `quiet ${count}`, { tags: tagsOf('A', count) })
  const plain = await measure(() => redis.getBuffer('plain'))
  const rows = [row('GET', plain, plain)]
  for (const count of tagCounts) {
    const quiet = await measure(() => expectHit(`quiet ${count}`))
    rows.push(row(`look-up, ${count} tags, nothing announced since`, quiet, plain))
  }
  for (let i = 0; i < 100; i += 1) await store.announce(tagsOf(`B${i}`, 1_000))
  for (const count of tagCounts) {
    const busy = await measure(() => expectHit(`quiet ${count}`))
    rows.push(row(`look-up, ${count} tags, 100,000 others announced since`, busy, plain))
  }
  const missed = await measure(() => store.lookUp(keysOf('nobody stored this')))
  rows.push(row('look-up, miss', missed, plain))
  print(['20 KB answer', 'p50 us', 'Redis CPU us', 'p50 / GET', 'CPU / GET'], rows)
}

async function measureAnnouncements(): Promise<void> {
  const { tags } = await store.describe()
  const one = await measure((i) => store.announce(tagsOf(`C${i}`, 5)))
  const share = `${((one.cpuUs * 1_000) / 10_000).toFixed(1)} %`
  print(
    ['announcement of 5 tags', 'p50 us', 'Redis CPU us', 'share of a core at 1,000 a second'],
    [[`beside ${tags} tags`, one.p50Us.toFixed(0), one.cpuUs.toFixed(1), share]],
  )
}

async function measureMemory(): Promise<void> {
  const rows: string[][] = []
  for (const count of tagCounts) {
    const before = await info('used_memory')
    const entries = 500
    for (let i = 0; i < entries; i += 1) {
      await fill(store, `memory ${count} ${i}`, {
        tags: tagsOf('D', count),
        bytes: Buffer.alloc(2_000),
      })
    }
    const each = ((await info('used_memory')) - before) / entries
    rows.push([`${count}`, each.toFixed(0), (each - 2_000).toFixed(0)])
  }
  print(['tags of an entry', 'bytes for an answer of 2,000', 'beyond the answer'], rows)
}

async function measureEnd(): Promise<void> {
  await redis.flushall()
  const empty = await info('used_memory')
  const ending = openStore({ namespace: 'end', keepTagsMs: 1_000 })
  await untilReachable(ending)
  await confirmReading(ending)
  for (let i = 0; i < 1_000; i += 1) {
    await fill(ending, `end ${i}`, { tags: tagsOf('E', 10), ttlMs: 1_000 })
    await ending.announce(tagsOf(`F${i}`, 5))
  }
  const full = await ending.describe()
  const fullBytes = (await info('used_memory')) - empty
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  let beats = 0
  for (; ((await ending.describe()).tags ?? 0) > 0; beats += 1) await ending.beat(null)
  // Redis removes what has expired in the background.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const end = await ending.describe()
  const endBytes = (await info('used_memory')) - empty
  print(
    ['1,000 answers, 1,000 announcements', 'entries', 'tags', 'KB'],
    [
      ['all stored', `${full.entries}`, `${full.tags}`, (fullBytes / 1024).toFixed(0)],
      [
        `all expired, after ${beats} beats`,
        `${end.entries}`,
        `${end.tags}`,
        (endBytes / 1024).toFixed(0),
      ],
    ],
  )
  await ending[Symbol.asyncDispose]()
}

interface Filled {
  readonly tags: readonly string[]
  readonly bytes?: Buffer
  readonly ttlMs?: number
}

async function fill(into: CacheStore, key: string, filled: Filled): Promise<void> {
  const { tags, bytes = answer, ttlMs = 3_600_000 } = filled
  await into.fill(key, bytes, { epoch: await capture(into), tags, ttlMs })
}

async function capture(from: CacheStore): Promise<Epoch> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = await from.lookUp(keysOf('nobody stored this'))
    if (found.outcome === 'miss') return found.epoch
  }
  throw new Error('The store serves nothing')
}

async function expectHit(key: string): Promise<void> {
  const { outcome } = await store.lookUp(keysOf(key))
  if (outcome === 'miss') throw new Error(`No hit: ${key}`)
}

function keysOf(key: string) {
  return { public: key, role: `${key} role`, own: `${key} own` }
}

function tagsOf(model: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${model}:0191e2c5-7c00-7000-8000-${i}`)
}

interface Measured {
  readonly p50Us: number
  readonly cpuUs: number
}

async function measure(call: (i: number) => Promise<unknown>): Promise<Measured> {
  for (let i = 0; i < 100; i += 1) await call(-i)
  const before = await serverCpu()
  const times: number[] = []
  for (let i = 0; i < calls; i += 1) {
    const startedAt = performance.now()
    await call(i)
    times.push((performance.now() - startedAt) * 1_000)
  }
  const cpuUs = ((await serverCpu()) - before) / calls
  return { p50Us: times.sort((a, b) => a - b)[Math.floor(calls / 2)] ?? 0, cpuUs }
}

function row(name: string, measured: Measured, base: Measured): string[] {
  const { p50Us, cpuUs } = measured
  const ratios = [p50Us / base.p50Us, cpuUs / base.cpuUs].map((ratio) => ratio.toFixed(2))
  return [name, p50Us.toFixed(0), cpuUs.toFixed(1), ...ratios]
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  process.stdout.write(`${printTable(head, rows)}\n\n`)
}

async function serverCpu(): Promise<number> {
  return ((await info('used_cpu_user')) + (await info('used_cpu_sys'))) * 1e6
}

async function info(field: string): Promise<number> {
  return Number((await redis.info()).match(new RegExp(`^${field}:(.*)$`, 'm'))?.[1])
}
