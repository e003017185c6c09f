import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type Budget, createBudget } from '../cache/budget.ts'
import { createRedisCalls } from '../cache/redis-calls.ts'
import { createScript, runScript } from '../cache/redis-connection.ts'
import { createTroubleLog } from '../cache/trouble-log.ts'
import type { Logger } from '../observe/logger.ts'
import { type Allowance, describeDebt, type Rate, rowsToMs } from './gcra.ts'
import { createLocalRate } from './local-rate.ts'
import { type RateLimit, rateWindowMs } from './rate-limit.ts'

export interface RedisRateLimitOptions {
  readonly rows: number
  /** @default 60_000 */
  readonly windowMs?: number
  readonly url: string
  /** Keeps apart who shares a server. */
  readonly namespace: string
  readonly log: Pick<Logger, 'warn' | 'info'>
  /** @default performance.now */
  readonly nowMs?: () => number
}

/** Below what the cache may wait, so that both together stay within 50 ms while Redis is well. */
const longestWaitMs = 20

const countEveryMs = 1_000

/** How long what was taken or given back without asking may wait for company. */
const tellAfterMs = 50

/** So long what was heard of a viewer is good enough for a row or two: they are told after 50 ms. */
const freshMs = 1_000
const mostHeard = 50_000

/**
 * One rate over all processes, in Redis: one script, one key, one round trip for each question.
 *
 * Where Redis does not answer in time the process goes on by itself from the debt that it heard of
 * last. Several processes could then allow a viewer several times the rate, so each allows a share
 * of it: all of it up to two processes, 2/n of it with n. What was taken meanwhile is told to Redis
 * when it is back. So nobody ever gets more than twice the rate.
 */
export function createRedisRateLimit(options: RedisRateLimitOptions): RateLimit {
  const { rows, windowMs = rateWindowMs, url, namespace, log, nowMs } = options
  const rate: Rate = { rows, windowMs }
  const trouble = createTroubleLog<'redis' | 'policy'>(log, 'The rate limit is shared again')
  const calls = createRedisCalls(url, trouble, 'each process limits rates by itself')
  const local = createLocalRate(nowMs)
  /** Viewers who took rows that Redis has not heard of. */
  const untold = new Set<string>()
  /** Rows above 0 to take, below 0 to give back, that were not told to Redis yet. */
  const later = new Map<string, number>()
  const asking = new Map<string, Promise<Reply | null>>()
  let telling: NodeJS.Timeout | null = null
  const heardAt = new LRUCache<string, number>({ max: mostHeard })
  const self = randomUUID()
  let processes = 1
  let isShared = false
  const counting = setInterval(() => void countProcesses(), countEveryMs).unref()
  void countProcesses()

  return {
    rate,
    get isShared() {
      return isShared
    },
    take,
    takeAtOnce,
    hasHeardOf: (viewer) =>
      performance.now() - (heardAt.get(viewer) ?? Number.NEGATIVE_INFINITY) < freshMs,
    give(viewer, giving) {
      if (giving > 0) tellLater(viewer, -giving)
    },
    [Symbol.dispose]() {
      clearInterval(counting)
      if (telling) clearTimeout(telling)
      calls[Symbol.dispose]()
    },
  }

  async function take(viewer: string, taking: number, budget = createBudget()): Promise<Allowance> {
    const other = asking.get(viewer)
    if (other) return takeAfter(other, { viewer, taking, budget })
    const ms = rowsToMs(taking, rate)
    const own = ask(viewer, ms, budget)
    asking.set(viewer, own)
    const reply = await own.finally(() => asking.delete(viewer))
    if (!reply) return takeAlone(viewer, taking)
    return reply.isAllowed ? describeDebt(reply.debtMs, rate) : refuse(reply.debtMs, ms)
  }

  /** Of many who ask about one viewer at once one asks Redis, and the others go by what it heard. */
  async function takeAfter(
    other: Promise<Reply | null>,
    { viewer, taking, budget }: Taking,
  ): Promise<Allowance> {
    const reply = await budget.spend(() => other, longestWaitMs).catch(() => null)
    if (!reply) return takeAlone(viewer, taking)
    const owedMs = rowsToMs(Math.max(0, later.get(viewer) ?? 0), rate)
    const debtMs = Math.min(rate.windowMs, local.debtMs(viewer) + owedMs)
    const ms = rowsToMs(taking, rate)
    if (debtMs + ms > rate.windowMs) return refuse(debtMs, ms)
    return takeAtOnce(viewer, taking) ?? take(viewer, taking, budget)
  }

  function takeAlone(viewer: string, taking: number): Allowance {
    return local.take(viewer, taking, shareOf(rate, processes))
  }

  function refuse(debtMs: number, ms: number): Allowance {
    return describeDebt(debtMs, rate, Math.max(1, debtMs + ms - rate.windowMs))
  }

  function takeAtOnce(viewer: string, taking: number): Allowance | null {
    const { remaining } = describeDebt(local.debtMs(viewer), rate)
    const untoldRows = (later.get(viewer) ?? 0) + taking
    if (!isShared || untoldRows * processes > remaining) return null
    tellLater(viewer, taking)
    const debtMs = local.debtMs(viewer) + rowsToMs(Math.max(0, untoldRows), rate)
    return describeDebt(debtMs, rate)
  }

  function tellLater(viewer: string, rowsToTell: number): void {
    later.set(viewer, (later.get(viewer) ?? 0) + rowsToTell)
    telling ??= setTimeout(() => {
      telling = null
      for (const one of [...later.keys()]) void ask(one, 0, createBudget())
    }, tellAfterMs).unref()
  }

  /** Tells Redis what it does not know and takes; null, and all stays with us, if it does not answer. */
  async function ask(viewer: string, ms: number, budget: Budget): Promise<Reply | null> {
    const owed = later.get(viewer) ?? 0
    later.delete(viewer)
    const owedMs = Math.sign(owed) * rowsToMs(Math.abs(owed), rate)
    const debt = untold.has(viewer) ? local.debtMs(viewer) : 0
    const args = [rate.windowMs, ms, debt, owedMs].map((one) => String(Math.round(one * 1_000)))
    const keys = [`{${namespace}}:rate:${viewer}`]
    const part: Budget = { spend: (call) => budget.spend(call, longestWaitMs) }
    const result = await calls.read(part, (redis) => runScript(redis, takeScript, { keys, args }))
    isShared = result.failed === null
    const [isAllowed, debtUs] =
      result.failed === null && Array.isArray(result.reply) ? result.reply.map(Number) : []
    if (debtUs === undefined) {
      untold.add(viewer)
      local.set(viewer, Math.min(rate.windowMs, local.debtMs(viewer) + owedMs))
      return null
    }
    untold.delete(viewer)
    heardAt.set(viewer, performance.now())
    local.set(viewer, debtUs / 1_000)
    return { isAllowed: isAllowed === 1, debtMs: debtUs / 1_000 }
  }

  async function countProcesses(): Promise<void> {
    const keys = [`{${namespace}}:rate-processes`]
    const result = await calls.read(createBudget(), (redis) =>
      runScript(redis, countScript, { keys, args: [self] }),
    )
    if (result.failed === null) processes = Math.max(1, Number(result.reply))
  }
}

interface Reply {
  readonly isAllowed: boolean
  readonly debtMs: number
}

interface Taking {
  readonly viewer: string
  readonly taking: number
  readonly budget: Budget
}

/** What each of several processes that cannot ask each other may allow. */
function shareOf(rate: Rate, processes: number): Rate {
  return { ...rate, rows: rate.rows * Math.min(1, 2 / processes) }
}

/**
 * KEYS: viewer; ARGV: window us, taking us, debt us that Redis may not know, and us that were taken
 * before (below 0: are given back), whether or not there is enough.
 */
const takeScript = createScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window, taking = tonumber(ARGV[1]), tonumber(ARGV[2])
local known = redis.pcall('GET', KEYS[1])
local paidAt = type(known) == 'string' and tonumber(known) or now
-- The clock was set back, or the rate was changed: nobody owes more than a window.
local owed = math.min(math.max(paidAt - now, tonumber(ARGV[3]), 0), window)
local debt = math.min(math.max(owed + tonumber(ARGV[4]), 0), window)
local isAllowed = debt + taking <= window
local after = isAllowed and debt + taking or debt
if after > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f', now + after), 'PX', math.ceil(after / 1000))
else
  redis.call('UNLINK', KEYS[1])
end
return { isAllowed and 1 or 0, after }
`)

/** KEYS: processes; ARGV: this one. Those that were heard of in the last 10 s. */
const countScript = createScript(`
local now = redis.call('TIME')[1]
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 10)
redis.call('EXPIRE', KEYS[1], 20)
return redis.call('ZCARD', KEYS[1])
`)
