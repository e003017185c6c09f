import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../src/cache/memory-store.ts'
import { createFigureMemories } from '../../src/cache/remember-figures.ts'
import { createRequestStore } from '../../src/cache/request-store.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import { globalId } from '../support/global-id.ts'
import {
  type CachedAppOptions,
  type CachedPlace,
  forEachStore,
  openCachedPlace,
} from '../support/start-cached-apps.ts'
import { confirmReading } from '../support/test-stores.ts'

/** What is everybody's, and what is the viewer's alone. */
const page = `query ($slug: String!) { course(slug: $slug) {
  stats { enrollmentCount } enrollments(first: 1) { nodes { progress } }
} }`

/** A course with two students in it, a third who is not, and an app that keeps counts from `from` rows on. */
async function open(place: CachedPlace, from: number, options: Partial<CachedAppOptions> = {}) {
  const app = await place.start({ env: { CACHE_FIGURES_FROM: `${from}` }, ...options })
  const course = await app.rows.course({ status: 'ACTIVE' })
  const students = [await app.rows.user(), await app.rows.user(), await app.rows.user()]
  for (const { id: studentId } of students.slice(1)) {
    await app.rows.enrollment({ courseId: course.id, studentId })
  }
  await place.untilDrained()
  return {
    ...{ app, course, students },
    /** How many the student is told, and whether they were counted for that. */
    async ask(student: number) {
      const variables = { slug: course.slug }
      const { data, errors, extensions } = await app.ask(page, {
        variables,
        as: students[student] ?? null,
      })
      expect(errors).toBeUndefined()
      const { statements = [] } = extensions?.loadline ?? {}
      const isCounted = statements.some(({ sql }) => sql.includes('count(*)'))
      return [data.course.stats.enrollmentCount, isCounted ? 'counted' : 'recalled']
    },
    async enroll() {
      const id = globalId('Course', course.id)
      const call = `enroll(input: { courseId: "${id}" }) { course { stats { enrollmentCount } } }`
      const { data, errors } = await app.query(`mutation { ${call} }`, { as: students[0] ?? null })
      expect(errors).toBeUndefined()
      return data.enroll.course.stats.enrollmentCount
    },
  }
}

forEachStore((kind) => {
  test('a count that was worked out for one viewer is not worked out for the next', async () => {
    await using place = await openCachedPlace(kind)
    const { ask } = await open(place, 2)

    expect(await ask(0)).toEqual([2, 'counted'])
    expect(await ask(1)).toEqual([2, 'recalled'])
    expect(await ask(2)).toEqual([2, 'recalled'])
  })

  test('a count is worked out anew after a write that it depends on, also for whoever wrote', async () => {
    await using place = await openCachedPlace(kind)
    const { ask, enroll } = await open(place, 2)
    await ask(1)
    expect(await ask(2)).toEqual([2, 'recalled'])

    expect(await enroll()).toBe(3)

    expect(await ask(0)).toEqual([3, 'counted'])
    expect((await ask(1))[0]).toBe(3)
  })

  test('what is worked out with a count depends on all that each of them depends on', async () => {
    await using place = await openCachedPlace(kind)
    const { app, course, students } = await open(place, 2)
    const [, one] = students
    const figures = async (other: string) => {
      // Another document each time, so that it is no answer that is kept.
      const stats = `stats { enrollmentCount averageProgress } ${other}`
      const variables = { slug: course.slug }
      const { data } = await app.ask(
        `query ($slug: String!) { course(slug: $slug) { ${stats} } }`,
        { variables, as: course.teacherId },
      )
      return data.course.stats
    }
    const enrollment = await app.prisma.enrollment.findFirstOrThrow({
      where: { courseId: course.id, studentId: one?.id ?? '' },
    })
    expect(await figures('id')).toEqual({ enrollmentCount: 2, averageProgress: 0 })
    expect(await figures('title')).toEqual({ enrollmentCount: 2, averageProgress: 0 })

    const id = globalId('Enrollment', enrollment.id)
    const call = `updateProgress(input: { enrollmentId: "${id}", progress: 0.5 }) { enrollment { id } }`
    const { errors } = await app.query(`mutation { ${call} }`, { as: one ?? null })
    expect(errors).toBeUndefined()

    expect(await figures('slug')).toEqual({ enrollmentCount: 2, averageProgress: 0.25 })
  })

  test('what was worked out because others asked for it elsewhere is not kept', async () => {
    await using place = await openCachedPlace(kind)
    const { app, course, students } = await open(place, 2)
    const admin = await app.rows.admin()
    const other = await app.rows.course({ status: 'ACTIVE' })
    const [, one] = students
    const { id: enrollmentId } = await app.prisma.enrollment.findFirstOrThrow({
      where: { courseId: course.id, studentId: one?.id ?? '' },
    })
    const ask = async (stats: string) => {
      const document = `query ($id: ID!, $other: ID!) {
        course(id: $id) { stats { ${stats} } } other: course(id: $other) { stats { averageProgress } }
      }`
      const ids = { id: globalId('Course', course.id), other: globalId('Course', other.id) }
      const { data, errors } = await app.ask(document, { variables: ids, as: admin })
      expect(errors).toBeUndefined()
      return data.course.stats
    }
    // The average of this course is worked out too, as the statement is one.
    expect(await ask('enrollmentCount')).toEqual({ enrollmentCount: 2 })

    const input = `{ enrollmentId: "${globalId('Enrollment', enrollmentId)}", progress: 0.5 }`
    const call = `updateProgress(input: ${input}) { enrollment { id } }`
    const { errors } = await app.query(`mutation { ${call} }`, { as: one ?? null })
    expect(errors).toBeUndefined()

    const both = { enrollmentCount: 2, averageProgress: 0.25 }
    expect(await ask('enrollmentCount averageProgress')).toEqual(both)
  })

  test('a count that was overtaken by a write is not kept', async () => {
    await using place = await openCachedPlace(kind)
    let write: (() => Promise<void>) | null = null
    let written: Promise<void> | null = null
    const { ask, enroll } = await open(place, 2, {
      wrapStore: (store: CacheStore) => ({
        ...store,
        async fill(key, bytes, options) {
          if (key.startsWith('figures:') && write) {
            written = write()
            write = null
            await written
          }
          return store.fill(key, bytes, options)
        },
      }),
    })
    write = async () => {
      expect(await enroll()).toBe(3)
    }

    expect(await ask(1)).toEqual([2, 'counted'])
    await written

    expect((await ask(2))[0]).toBe(3)
    expect((await ask(1))[0]).toBe(3)
  })

  test('a count of few rows is worked out each time', async () => {
    await using place = await openCachedPlace(kind)
    const { ask } = await open(place, 3)

    expect(await ask(0)).toEqual([2, 'counted'])
    expect(await ask(1)).toEqual([2, 'counted'])
  })

  test('where all answers are computed to be compared, counts are too', async () => {
    await using place = await openCachedPlace(kind)
    const { ask } = await open(place, 2, { env: { CACHE_FIGURES_FROM: '2', CACHE: 'shadow' } })

    expect(await ask(0)).toEqual([2, 'counted'])
    expect(await ask(1)).toEqual([2, 'counted'])
  })
})

describe('the memory of a request', () => {
  const generation = () => ({ database: 'one history', answers: 'one build' })
  const looksUp = { public: 'an answer', role: null, own: null }
  const worked = (figures: readonly unknown[]) => ({ figures, rows: 9, tags: () => ['Course+'] })

  async function openMemory() {
    const store = createMemoryStore({ generation })
    await confirmReading(store)
    const remember = createFigureMemories({ fromRows: 1 })
    return { remember, ask: () => createRequestStore(store) }
  }

  test('is closed until the request has looked something up', async () => {
    const { remember, ask } = await openMemory()
    const request = ask()
    const memory = remember(request)

    expect(memory.isOpen()).toBe(false)
    await request.lookUp(looksUp)
    expect(memory.isOpen()).toBe(true)
  })

  test('keeps numbers and nothing as they are, and no number that JSON does not have', async () => {
    const { remember, ask } = await openMemory()
    const recall = async (name: string) => {
      const request = ask()
      await request.lookUp(looksUp)
      return (await remember(request).recall([name]))?.[0] ?? null
    }
    const request = ask()
    await request.lookUp(looksUp)
    const memory = remember(request)

    memory.keep('exact', worked([9, 0.1 + 0.2, null, -0]))
    memory.keep('not a number', worked([9, Number.NaN]))

    expect(await recall('exact')).toEqual([9, 0.30000000000000004, null, 0])
    expect(await recall('not a number')).toBeNull()
    expect(await recall('unknown')).toBeNull()
  })
})
