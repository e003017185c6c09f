import { readFileSync } from 'node:fs'
import { type DocumentNode, Kind, type TypeNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { describe, expect, test } from 'vitest'
import type { CacheStore, LookUp } from '../../../src/cache/store.ts'
import { globalId } from '../../support/global-id.ts'
import { hasTestRedis } from '../../support/private-redis.ts'
import { openCachedPlace } from '../../support/start-cached-apps.ts'
import { startTestApp, type TestApp } from '../../support/start-test-app.ts'
import { createRandom, type Random } from '../workload/random.ts'
import { disguise, readScreens, type ScreenDocument } from './hostile-documents.ts'

const school = readFileSync(new URL('../../golden/school.sql', import.meta.url), 'utf8')
/** Half of them each way. */
const rounds = Number(process.env.LOADLINE_LEAK_ROUNDS ?? 1_000) / 2
const seed = Number(process.env.LOADLINE_LEAK_SEED ?? 4)

const kinds = hasTestRedis() ? (['memory', 'redis'] as const) : (['memory'] as const)
if (kinds.length === 1) console.warn('The leak fuzzer leaves Redis out: it is not installed')

interface Question {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** The ways that a hit takes: as stored bytes before anything is parsed, or through Yoga. */
const ways = kinds.flatMap((kind) => [[kind, 'door'] as const, [kind, 'longer way'] as const])

describe.each(ways)('over the store %s, by the %s,', (kind, way) => {
  test('every answer is byte for byte what the same viewer is answered without a cache', {
    timeout: 600_000,
  }, async () => {
    await using place = await openCachedPlace(kind)
    const { database } = place
    await using plain = await startTestApp({ database })
    for (const statement of statementsOf(school)) await plain.prisma.$executeRawUnsafe(statement)
    const hits = new Map<string, number>()
    let throughYoga = 0
    const plugin: Plugin = {
      onParams() {
        throughYoga += 1
      },
    }
    const plugins = way === 'longer way' ? [plugin] : []
    const cached = await place.start({ wrapStore: countHits(hits), plugins })
    const seen: Seen = new Map()
    let unchanged = 0

    const random = createRandom(seed)
    const world = await readWorld(plain)
    const questions = createQuestions(world, random)
    for (let round = 0; round < rounds; round += 1) {
      if (random.chance(0.03)) await change(cached, world, random)
      const viewer = random.chance(0.25) ? null : random.favour(world.people)
      const question = random.favour(questions)
      const isConditional = random.chance(0.4)
      const [fromCache, computed] = [
        isConditional
          ? await askForWhatIsNew(cached, viewer, { ...question, seen })
          : await askPlainly(cached, viewer, question),
        await askPlainly(plain, viewer, question),
      ]
      if (fromCache.status === 304) unchanged += 1
      const status = fromCache.status === 304 ? 200 : fromCache.status
      const type = fromCache.status === 304 ? computed.type : fromCache.type
      const answer = { status, type, body: fromCache.body }
      expect(answer, JSON.stringify({ viewer, ...question })).toEqual(computed)
    }
    // That a way was not taken would prove nothing.
    if (way === 'longer way') expect(throughYoga).toBeGreaterThanOrEqual(rounds)
    expect(unchanged).toBeGreaterThan(rounds / 100)
    for (const scope of ['public', 'role', 'own']) {
      expect(hits.get(scope) ?? 0, `hits of the scope ${scope}`).toBeGreaterThan(rounds / 100)
    }
  })
})

function countHits(hits: Map<string, number>): (store: CacheStore) => CacheStore {
  return (store) => {
    const lookUp = async (...args: Parameters<CacheStore['lookUp']>): Promise<LookUp> => {
      const found = await store.lookUp(...args)
      const isAnswer = args[0].role !== null
      if (found.outcome === 'hit' && isAnswer) {
        hits.set(found.answer.scope, (hits.get(found.answer.scope) ?? 0) + 1)
      }
      return found
    }
    return new Proxy(store, {
      get: (target, name) => (name === 'lookUp' ? lookUp : Reflect.get(target, name)),
    })
  }
}

/** The script has no semicolon but at the ends of its statements. */
function statementsOf(script: string): readonly string[] {
  return script
    .replaceAll(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .filter((statement) => statement.trim() !== '')
}

interface World {
  readonly people: readonly string[]
  readonly ids: Readonly<Record<string, readonly string[]>>
  readonly slugs: readonly string[]
}

async function readWorld({ prisma }: TestApp): Promise<World> {
  const byId = { orderBy: { id: 'asc' }, select: { id: true } } as const
  const courses = await prisma.course.findMany({ orderBy: { id: 'asc' } })
  const idsOf = (type: string, rows: readonly { readonly id: string }[]) =>
    rows.map(({ id }) => globalId(type, id))
  return {
    people: (await prisma.user.findMany(byId)).map(({ id }) => id),
    slugs: courses.map(({ slug }) => slug),
    ids: {
      CoursePage: idsOf('Course', courses),
      LessonPage: idsOf('Lesson', await prisma.lesson.findMany(byId)),
      MeetingPage: idsOf('Meeting', await prisma.meeting.findMany(byId)),
      Conversation: idsOf('Conversation', await prisma.conversation.findMany(byId)),
    },
  }
}

/** Every screen as it is and in disguises, each with variables of its own. */
function createQuestions(world: World, random: Random): readonly Question[] {
  return readScreens()
    .flatMap((screen) =>
      Array.from({ length: 8 }, (_, variant) => ({
        query: variant < 2 ? textOf(screen.document) : disguise(screen, random),
        variables: variablesOf(screen, world, random),
        place: random.share(),
      })),
    )
    .sort((a, b) => a.place - b.place)
    .map(({ query, variables }) => ({ query, variables }))
}

function textOf({ definitions }: DocumentNode): string {
  return definitions.map(({ loc }) => loc?.source.body.slice(loc.start, loc.end)).join('\n')
}

function variablesOf(screen: ScreenDocument, world: World, random: Random) {
  const { name: screenName, operation } = screen
  return Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, type }) => {
      const value = valueFor(variable.name.value, type)
      return value === undefined ? [] : [[variable.name.value, value]]
    }),
  )

  function valueFor(name: string, type: TypeNode): unknown {
    if (name === 'id')
      return random.pick(world.ids[screenName] ?? [globalId('User', world.people[0] ?? '')])
    if (name === 'slug') return random.pick(world.slugs)
    if (name === 'first') return random.pick([1, 2, 20])
    if (type.kind !== Kind.NON_NULL_TYPE) return undefined
    return type.type.kind === Kind.NAMED_TYPE && type.type.name.value === 'DateTime'
      ? '2026-01-01T00:00:00.000000Z'
      : undefined
  }
}

/** What everybody may see differently afterwards: roles, courses, people. */
async function change(app: TestApp, { people, ids }: World, random: Random): Promise<void> {
  const [admin = ''] = people
  const userId = globalId('User', random.pick(people.slice(1)))
  const [name, input] = random.pick([
    ['changeRole', { userId, role: random.pick(['STUDENT', 'TEACHER', 'ADMIN']) }],
    ['changeRole', { userId, role: random.pick(['STUDENT', 'TEACHER', 'ADMIN']) }],
    ['archiveCourse', { id: random.pick(ids.CoursePage ?? []) }],
    ['enroll', { studentId: userId, courseId: random.pick(ids.CoursePage ?? []) }],
    ['grantCredits', { userId, amount: 1 + random.below(9), reason: 'for reading' }],
    ['deleteUser', { id: userId }],
  ] as const)
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const query = `mutation Change($input: ${type}!) { ${name}(input: $input) { __typename } }`
  // Whether it was allowed does not matter.
  await app.query(query, { as: admin, variables: { input } })
}

/** Of each question, what stood behind the ETags that anybody was given. */
type Seen = Map<string, Map<string, string>>

/** By GET, naming all that anybody was answered so far: what has not changed is as it was. */
async function askForWhatIsNew(
  app: TestApp,
  viewer: string | null,
  { query, variables, seen }: Question & { readonly seen: Seen },
) {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) })
  const known = seen.get(`${search}`) ?? new Map<string, string>()
  seen.set(`${search}`, known)
  const response = await app.fetch(`/graphql?${search}`, {
    headers: {
      'graphql-require-preflight': '1',
      'if-none-match': [...known.keys()].join(', '),
      ...(viewer !== null && { authorization: `Bearer ${await app.tokenFor(viewer)}` }),
    },
  })
  const { status, headers } = response
  const etag = headers.get('etag')
  const text = await response.text()
  if (status === 200 && etag !== null) known.set(etag, text)
  const body = status === 304 ? known.get(etag ?? '') : text
  return { status, type: headers.get('content-type'), body }
}

async function askPlainly(app: TestApp, viewer: string | null, question: Question) {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(viewer !== null && { authorization: `Bearer ${await app.tokenFor(viewer)}` }),
    },
    body: JSON.stringify(question),
  })
  const { status, headers } = response
  return { status, type: headers.get('content-type'), body: await response.text() }
}
