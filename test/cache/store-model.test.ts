import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RedisScripts, redisScripts } from '../../src/cache/redis-scripts.ts'
import type { CacheStore, Epoch } from '../../src/cache/store.ts'
import type { TagEpochs } from '../../src/cache/tag-epochs.ts'
import { hasTestRedis } from '../support/private-redis.ts'
import {
  confirmReading,
  openMemoryStores,
  openRedisStores,
  type StoreKind,
  type TestStoreOptions,
} from '../support/test-stores.ts'

/**
 * Any interleaving of readers and writers against a model that knows which version of the data each
 * answer was computed from. Rows have versions; a write raises one (COMMIT) and announces it later;
 * a question reads some rows, each at a moment of its own, or takes them from an answer that was
 * found, as who is asking is found. What was announced before a look-up or fill began must be in every
 * answer that is then served or accepted.
 */
const rows = ['A:1', 'A:2', 'B:1', 'B:2', 'B:3', 'C:1']

/** Which rows each question depends on, each question under its own key. */
const questions = [[0], [0, 1], [2, 3, 4], [1, 5], [0, 1, 2, 3, 4, 5]] as const

/** The question that an answer to any other is a part of. */
const wholeQuestion = 4

const scopes = ['public', 'role', 'own'] as const

type Action =
  | { readonly do: 'ask'; readonly question: number }
  | { readonly do: 'read'; readonly question: number; readonly row: number }
  | { readonly do: 'fill'; readonly question: number; readonly scope: (typeof scopes)[number] }
  | { readonly do: 'commit' | 'announce'; readonly row: number }
  | { readonly do: 'announceOthers'; readonly count: number }
  | { readonly do: 'beat' | 'evict' | 'loseTags' | 'deploy' }

const question = fc.nat(questions.length - 1)
const row = fc.nat(rows.length - 1)
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ do: fc.constant('ask' as const), question }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('read' as const), question, row }) },
  {
    weight: 12,
    arbitrary: fc.record({
      ...{ do: fc.constant('fill' as const), question, scope: fc.constantFrom(...scopes) },
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('commit' as const), row }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('announce' as const), row }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('announceOthers' as const), count: fc.nat(8) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('beat', 'beat', 'evict', 'deploy') }) },
  // Each is made good by a beat.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('loseTags' as const) }) },
)

/** A request that looked, found nothing, and is reading. */
interface Request {
  readonly epoch: Epoch
  readonly read: Map<number, number>
}

async function play(
  kind: StoreKind,
  actions: readonly Action[],
  options: TestStoreOptions & { readonly wrapStore?: (store: CacheStore) => CacheStore },
): Promise<{ readonly hits: number; readonly accepted: number }> {
  const { wrapStore = (store) => store, ...storeOptions } = options
  // Few tags and few bytes, so that both are forgotten all the time.
  const opened = await kind.open({ maxTags: 8, maxBytes: 600, ...storeOptions })
  const store = wrapStore(opened.store)
  await confirmReading(store)
  const committed = rows.map(() => 0)
  const announced = rows.map(() => 0)
  const requests = new Map<number, Request>()
  const played = { hits: 0, accepted: 0 }

  try {
    for (const step of actions) await act(step)
    return played
  } finally {
    await opened.store[Symbol.asyncDispose]()
  }

  async function act(step: Action): Promise<void> {
    switch (step.do) {
      case 'ask': {
        const known = [...announced]
        const found = await store.lookUp(keysOf(step.question))
        if (found.outcome === 'miss') {
          requests.set(step.question, { epoch: found.epoch, read: new Map() })
        }
        if (found.outcome !== 'hit') return
        played.hits += 1
        const answer = JSON.parse(Buffer.from(found.answer.bytes).toString())
        expectFresh('served', answer, known)
        requests.set(wholeQuestion, { epoch: found.epoch, read: new Map(answer) })
        return
      }
      case 'read': {
        const { read } = requests.get(step.question) ?? {}
        const isPart = questions[step.question]?.some((part) => part === step.row)
        if (isPart && !read?.has(step.row)) read?.set(step.row, committed[step.row] ?? 0)
        return
      }
      case 'fill': {
        const request = requests.get(step.question)
        if (!request) return
        for (const part of questions[step.question] ?? []) {
          if (!request.read.has(part)) request.read.set(part, committed[part] ?? 0)
        }
        const known = [...announced]
        const answer = [...request.read]
        const outcome = await store.fill(
          keysOf(step.question)[step.scope],
          Buffer.from(JSON.stringify(answer)),
          { epoch: request.epoch, tags: answer.map(([part]) => rows[part] ?? ''), ttlMs: 60_000 },
        )
        if (outcome !== 'accepted') return
        played.accepted += 1
        expectFresh('accepted', answer, known)
        return
      }
      case 'commit':
        committed[step.row] = (committed[step.row] ?? 0) + 1
        return
      case 'announce': {
        const version = committed[step.row] ?? 0
        await store.announce([rows[step.row] ?? ''])
        announced[step.row] = version
        return
      }
      case 'announceOthers':
        await store.announce(Array.from({ length: step.count }, (_, i) => `D:${i}`))
        return
      case 'beat':
        await confirmReading(store)
        return
      case 'evict':
      case 'loseTags':
        await opened[step.do]()
        return
      case 'deploy':
        opened.generation = {
          ...opened.generation,
          answers: opened.generation.answers === 'blue' ? 'green' : 'blue',
        }
    }
  }
}

function expectFresh(
  what: string,
  answer: readonly (readonly [row: number, version: number])[],
  announced: readonly number[],
): void {
  for (const [part, version] of answer) {
    const known = announced[part] ?? 0
    if (version < known) {
      throw new Error(`Stale: ${what} ${rows[part]} of version ${version}, announced was ${known}`)
    }
  }
}

function keysOf(asked: number) {
  return { public: `${asked} public`, role: `${asked} role`, own: `${asked} own` }
}

const runs = Number(process.env.STORE_MODEL_RUNS ?? 150)

/** Runs in which a faulty store must be found out; most are in the first ten. */
const patience = 1_000

async function holdTheModel(
  kind: StoreKind,
  options: Parameters<typeof play>[2] = {},
  numRuns = runs,
): Promise<{ readonly failure: string | null; readonly hits: number; readonly accepted: number }> {
  const sum = { hits: 0, accepted: 0 }
  const scenario = fc.array(action, { minLength: 20, maxLength: 200, size: 'max' })
  const property = fc.asyncProperty(scenario, async (actions) => {
    const { hits, accepted } = await play(kind, actions, options)
    sum.hits += hits
    sum.accepted += accepted
  })
  const seed = Number(process.env.STORE_MODEL_SEED ?? 1)
  const details = await fc.check(property, { numRuns, seed, endOnFailure: true })
  const error = details.errorInstance
  return { failure: details.failed ? String(error ?? details.seed) : null, ...sum }
}

describe('in memory', () => {
  holdForAnyInterleaving(openMemoryStores)

  test.for<[fault: string, options: Parameters<typeof play>[2]]>([
    ['captures the epoch after the reads', { wrapStore: withLateEpoch }],
    ['gives with a hit an epoch of later', { wrapStore: withLaterEpochOfHits }],
    ['fills without looking at the tags', faultyOnlyIn('fill')],
    ['looks up without looking at the tags', faultyOnlyIn('lookUp')],
    [
      'forgets tags without raising the floor',
      {
        wrapEpochs: (epochs) =>
          overriding(epochs, {
            isCurrent: (tags, epoch) => epochs.isCurrent(tags, Math.max(epoch, epochs.floor)),
          }),
      },
    ],
  ])('a store that %s is found out', async ([, options]) => {
    await using kind = await openMemoryStores()

    expect((await holdTheModel(kind, options, patience)).failure).toContain('Stale')
  })
})

describe.skipIf(!hasTestRedis())('in Redis', () => {
  holdForAnyInterleaving(openRedisStores)

  test.for<[fault: string, options: Parameters<typeof play>[2]]>([
    ['captures the epoch after the reads', { wrapStore: withLateEpoch }],
    ['gives with a hit an epoch of later', { wrapStore: withLaterEpochOfHits }],
    [
      'fills without looking at the tags',
      faultyScripts({ in: 'fill', line: 'if not isCurrent(tags, epoch)', instead: 'if false' }),
    ],
    [
      'looks up without looking at the tags',
      faultyScripts({
        in: 'lookUp',
        line: 'if isCurrent(answer.tags, answer.epoch)',
        instead: 'if true',
      }),
    ],
    [
      'forgets tags without raising the floor',
      faultyScripts({ in: 'announce', line: "redis.call('HSET', KEYS[1], 'floor', newest[2])" }),
    ],
    [
      'does not see that the tags were lost',
      faultyScripts(
        { in: 'announce', line: 'if failed(id) or not id then return giveUp() end' },
        {
          in: 'lookUp',
          line: 'or newer == 0 then return false end',
          instead: 'then return false end',
        },
      ),
    ],
  ])('a store that %s is found out', async ([, options]) => {
    await using kind = await openRedisStores()

    expect((await holdTheModel(kind, options, patience)).failure).toContain('Stale')
  })
})

function holdForAnyInterleaving(openKind: () => Promise<StoreKind>): void {
  let kind: StoreKind
  beforeAll(async () => {
    kind = await openKind()
  })
  afterAll(() => kind[Symbol.asyncDispose]())

  test('never serves or accepts an answer that an announcement has overtaken', async () => {
    const { failure, hits, accepted } = await holdTheModel(kind)

    expect(failure).toBeNull()
    // A store that remembered nothing would be right too.
    expect(hits).toBeGreaterThan(runs)
    expect(accepted).toBeGreaterThan(runs)
  })
}

function withLateEpoch(store: CacheStore): CacheStore {
  return overriding(store, {
    async fill(key, bytes, options) {
      const now = await store.lookUp({ public: 'nobody', role: 'stored', own: 'this' })
      const epoch = now.outcome === 'miss' ? now.epoch : options.epoch
      return store.fill(key, bytes, { ...options, epoch })
    },
  })
}

function withLaterEpochOfHits(store: CacheStore): CacheStore {
  return overriding(store, {
    async lookUp(...args) {
      const found = await store.lookUp(...args)
      if (found.outcome !== 'hit') return found
      const { epoch } = found
      return { ...found, epoch: { ...epoch, order: epoch.order + 60_000_000 } }
    },
  })
}

/** A store in memory that sees no announcement during one of its calls. */
function faultyOnlyIn(method: 'lookUp' | 'fill'): Parameters<typeof play>[2] {
  let isBlind = false
  const blindly = <T>(call: () => T): T => {
    isBlind = true
    try {
      // Both do all their work before they first wait.
      return call()
    } finally {
      isBlind = false
    }
  }
  return {
    wrapEpochs: (epochs: TagEpochs) =>
      overriding(epochs, {
        isCurrent: (tags, epoch) => isBlind || epochs.isCurrent(tags, epoch),
      }),
    wrapStore: (store) =>
      overriding(
        store,
        method === 'fill'
          ? { fill: (...args) => blindly(() => store.fill(...args)) }
          : { lookUp: (...args) => blindly(() => store.lookUp(...args)) },
      ),
  }
}

interface Fault {
  readonly in: keyof RedisScripts
  readonly line: string
  /** @default '' */
  readonly instead?: string
}

function faultyScripts(...faults: readonly Fault[]): { readonly scripts: RedisScripts } {
  const scripts = { ...redisScripts }
  for (const { in: name, line, instead = '' } of faults) {
    const faulty = scripts[name].replace(line, instead)
    if (faulty === scripts[name]) throw new Error(`The script ${name} has no line ${line}`)
    scripts[name] = faulty
  }
  return { scripts }
}

/** The same, but for some of its members; getters stay what they are. */
function overriding<T extends object>(of: T, members: Partial<T>): T {
  return Object.assign(Object.create(of), members)
}
