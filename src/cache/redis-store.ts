import { randomBytes } from 'node:crypto'
import type { Log } from '../observe/log.ts'
import { createBudget } from './budget.ts'
import { collapseTags } from './collapse-tags.ts'
import { createGenerationIds, type GenerationId } from './generation-id.ts'
import { createRedisCalls } from './redis-calls.ts'
import { createScript, runScript, runScriptThenGet } from './redis-connection.ts'
import { decodeEntry, encodeEntry, type RedisEntry } from './redis-entry.ts'
import {
  type LookUpReply,
  parseBeat,
  parseDescribe,
  parseFill,
  parseLookUp,
} from './redis-replies.ts'
import { type RedisScripts, redisScripts } from './redis-scripts.ts'
import { createUnsentShares } from './share-unsent.ts'
import {
  type CacheStore,
  createCounts,
  type Epoch,
  type FillOptions,
  type FillOutcome,
  type LookUp,
  listKeys,
  lookUpCounts,
  type ScopedKey,
  type StoreOptions,
  storeDefaults,
} from './store.ts'
import { digestBytes, packTags } from './tag-digest.ts'
import { createTroubleLog } from './trouble-log.ts'

export interface RedisStoreOptions extends StoreOptions {
  /** `redis://` or `rediss://`; Redis 6.2 or later, or Valkey; without eviction or `volatile-*`. */
  readonly url: string
  readonly log: Log
  /**
   * Begins every key. Stores of one namespace share announcements; whoever removes its keys only
   * empties the cache.
   * @default 'loadline'
   */
  readonly namespace?: string
  /** @default redisScripts; a faulty one shows that a test can fail. */
  readonly scripts?: RedisScripts
}

/**
 * The store in Redis. Connects in the background and lives on whatever becomes of the server: reads
 * turn into a `bypass`, and only announcements and beats reject.
 */
export function createRedisStore(options: RedisStoreOptions): CacheStore {
  const { generation, namespace = 'loadline' } = options
  const limits = { ...storeDefaults, ...options }
  if (!/^[\w.:-]+$/.test(namespace)) {
    throw new Error(`A namespace has letters, digits and "_.:-", got "${namespace}"`)
  }
  const scripts = createScripts(options.scripts ?? redisScripts)
  const prefix = `{${namespace}:0}:`
  const common = [`${prefix}series`, `${prefix}tags`]
  const place = `${new URL(options.url).pathname.slice(1) || '0'} ${namespace}`
  const nameOf = (run: string) => `redis ${run} ${place}`
  const heartbeatUs = `${limits.heartbeatMs * 1_000}`
  const counts = createCounts()
  const idOf = createGenerationIds()
  const trouble = createTroubleLog<'redis' | 'policy'>(options.log)
  const calls = createRedisCalls(options.url, trouble)
  const shareLookUp = createUnsentShares<LookUp>()
  const entryKey = (id: GenerationId, key: string) => `${prefix}e:${id.whole} ${key}`

  return {
    async lookUp(scoped, budget = createBudget(), besideKey) {
      const id = idOf(generation())
      const asked = listKeys(scoped).map((one) => ({ ...one, name: entryKey(id, one.key) }))
      const beside =
        besideKey === undefined ? null : { key: besideKey, name: entryKey(id, besideKey) }
      const names = [...asked, ...(beside ? [beside] : [])].map(({ name }) => name)
      const args = [id.database, heartbeatUs, beside ? '1' : '0']
      const operands = { keys: [...common, ...names], args }
      const read = await calls.read(budget, (redis) =>
        shareLookUp(redis, [...args, ...names].join('\n'), async () => {
          const ran = await runScriptThenGet(redis, scripts.lookUp, { operands, names })
          const reply = { ...parseLookUp(ran.reply), values: ran.values }
          return outcomeOf(reply, { asked, beside, id })
        }),
      )
      const found: LookUp =
        read.failed === null ? read.reply : { outcome: 'bypass', reason: read.failed }
      counts[lookUpCounts[found.outcome]] += 1
      return found
    },

    async fill(key, bytes, fillOptions) {
      const outcome = await fill(key, bytes, fillOptions)
      counts[outcome === 'accepted' ? 'fills' : 'refusedFills'] += 1
      return outcome
    },

    async announce(tags) {
      const distinct = [...new Set(tags)]
      const args = [packTags(distinct), `${limits.maxTags}`]
      const operands = { keys: common, args }
      const run = await calls.write('announce a write', scripts.announce, operands)
      if (distinct.length > 0) counts.announcements += 1
      counts.announcedTags += distinct.length
      return nameOf(String(run))
    },

    async beat(readSince) {
      const { database } = idOf(generation())
      const isAfterOutage = calls.hadOutage
      calls.hadOutage = false
      const args = [
        ...[database, heartbeatUs, readSince?.at ?? '', randomBytes(seriesBytes)],
        ...[`${limits.keepTagsMs * 1_000}`, isAfterOutage ? '1' : '0'],
      ]
      const operands = { keys: common, args }
      try {
        const doing = 'confirm the reading of the outbox'
        const { moment, policy } = parseBeat(await calls.write(doing, scripts.beat, operands))
        if (policy === '') trouble.end('policy')
        else trouble.begin('policy', explainPolicy(policy))
        if (readSince === null) calls.hadOutage ||= isAfterOutage
        return { store: nameOf(moment.slice(0, moment.indexOf(':'))), at: moment }
      } catch (error) {
        calls.hadOutage = true
        throw error
      }
    },

    async describe() {
      const breaker = calls.isBreakerOpen ? 'open' : 'closed'
      const own = { kind: 'redis', breaker } as const
      const read = await calls.read(createBudget(describeLimitMs), async (redis) =>
        parseDescribe(await runScript(redis, scripts.describe, { keys: common, args: [] })),
      )
      const figures = read.failed === null ? read.reply : nothingKnown
      return { ...own, ...figures, counts: { ...counts, failures: calls.failures } }
    },

    async [Symbol.asyncDispose]() {
      calls[Symbol.dispose]()
    },
  }

  async function fill(key: string, bytes: Uint8Array, wanted: FillOptions): Promise<FillOutcome> {
    const { epoch, ttlMs, budget = createBudget() } = wanted
    const tags = packTags(collapseTags(wanted.tags, limits.collapseLimit))
    if (bytes.length + tags.length > limits.maxEntryBytes) return 'oversized'
    const id = idOf(generation())
    if (epoch.generation !== id.whole) return 'overtaken'
    const { order, capturedAtMs } = epoch
    const expiresAtMs = Math.floor(capturedAtMs + ttlMs)
    const series = Buffer.from(epoch.series, 'hex')
    const entry = { epoch: order, capturedAtMs, expiresAtMs, series, tags, bytes }
    const value = encodeEntry(key, entry)
    const keys = [...common, entryKey(id, key)]
    const args = [id.database, heartbeatUs, series, `${order}`, `${expiresAtMs}`, value]
    const read = await calls.read(budget, async (redis) =>
      parseFill(await runScript(redis, scripts.fill, { keys, args })),
    )
    return read.failed ?? read.reply
  }

  function outcomeOf(
    reply: LookUpReply & { readonly values: readonly (Buffer | null)[] },
    { asked, beside: besideKey, id }: Asked,
  ): LookUp {
    if (reply.reason) return { outcome: 'bypass', reason: reply.reason }
    const { series, order, nowMs, found, values } = reply
    counts.corrupt += reply.corrupt
    const epoch: Epoch = { generation: id.whole, series, order, capturedAtMs: nowMs }
    const besideEntry =
      besideKey && reply.hasBeside ? readEntry(besideKey, values[asked.length]) : null
    const beside = besideEntry?.bytes ?? null
    const key = found === null ? undefined : asked[found]
    const entry = key && found !== null ? readEntry(key, values[found]) : null
    if (!key || !entry) return { outcome: 'miss', beside, epoch }
    const { bytes, tags, capturedAtMs, expiresAtMs } = entry
    const [ageMs, ttlMs] = [Math.max(0, nowMs - capturedAtMs), expiresAtMs - nowMs]
    const answer = { scope: key.scope, bytes, ageMs, ttlMs, tags: tags.length / digestBytes }
    return { outcome: 'hit', answer, beside, epoch }
  }

  function readEntry({ key, name }: Named, value: Buffer | null | undefined): RedisEntry | null {
    if (!value) return null
    const entry = decodeEntry(key, value)
    if (entry) return entry
    counts.corrupt += 1
    calls.remove(name)
    return null
  }
}

const describeLimitMs = 500

const nothingKnown = { entries: null, bytes: null, tags: null }

/** A series is known by chance alone: whoever begins one knows of no other. */
const seriesBytes = 8

/** A key as callers know it, and as Redis does. */
interface Named {
  readonly key: string
  readonly name: string
}

interface Asked {
  readonly asked: readonly (Named & ScopedKey)[]
  readonly beside: Named | null
  readonly id: GenerationId
}

function createScripts(texts: RedisScripts) {
  return {
    lookUp: createScript(texts.lookUp),
    fill: createScript(texts.fill),
    announce: createScript(texts.announce),
    beat: createScript(texts.beat),
    describe: createScript(texts.describe),
  }
}

function explainPolicy(policy: string): string {
  return `Redis may evict what has no expiry (maxmemory-policy ${policy}), and with it what was announced: the cache is off. Set maxmemory-policy to volatile-lru`
}
