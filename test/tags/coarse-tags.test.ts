import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { generateTriggers } from '../../src/capture/generate-triggers.ts'
import type { Tag } from '../../src/tags/tag.ts'
import { createProbe } from '../capture/probe.ts'
import { idOf, openFilledCatalogue } from '../loaders/open-filled-catalogue.ts'
import { globalId } from '../support/global-id.ts'
import { startStage, statsOf, titleOf } from './examples.ts'

/** More rows than a statement may name. */
const many = 5_200

let stage: Awaited<ReturnType<typeof startStage>>
let people: Readonly<Record<'admin' | 'student' | 'newcomer', string>>
/** One of `many`, in each of which the student is enrolled. */
let course: string

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

beforeEach(async () => {
  const { app, probe } = stage
  await probe.run('TRUNCATE "User", "Course" CASCADE')
  people = {
    admin: (await app.rows.admin()).id,
    student: (await app.rows.user()).id,
    newcomer: (await app.rows.user()).id,
  }
  course = (await app.rows.course()).id
  await probe.run(
    `INSERT INTO "Course" SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'slug', number))).*
     FROM "Course" AS c, generate_series(1, $1) AS number`,
    [many],
  )
  await probe.run(enrollEverywhere(people.student))
})

const enrollEverywhere = (person: string) =>
  `INSERT INTO "Enrollment" (id, "courseId", "studentId", "updatedAt")
   SELECT gen_random_uuid(), id, '${person}', now() FROM "Course"`

/** What an answer shows, who asks, and how. */
const samples = {
  row: () => ({ as: null, ask: titleOf(course) }),
  count: () => ({ as: null, ask: statsOf(course, 'enrollmentCount') }),
  average: () => ({ as: people.admin, ask: statsOf(course, 'averageProgress') }),
  list: () => ({
    as: people.admin,
    ask: `{ course(id: "${globalId('Course', course)}") { enrollments { nodes { progress } } } }`,
  }),
  whole: () => ({ as: people.admin, ask: '{ platformStats { enrollmentCount } }' }),
  oneself: () => ({ as: people.student, ask: '{ viewer { name } }' }),
  byRole: () => ({ as: people.student, ask: '{ platformStats { enrollmentCount } }' }),
}

type Ends = Partial<Record<keyof typeof samples, readonly Tag[]>>

/** Which tags of each answer a statement announces; and that it changes them all. */
async function expectToEnd(ends: Ends, write: string): Promise<readonly Tag[]> {
  const readings = Object.entries(ends).map(([name, met]) => {
    const sample = samples[name as keyof typeof samples]() // a key of Ends
    return { name, met, ...sample }
  })
  const before: { readonly shown: string; readonly left: ReadonlySet<Tag> }[] = []
  for (const { as, ask } of readings) {
    const { data, errors } = await stage.app.query(ask, { as })
    before.push({ shown: JSON.stringify([data, errors?.length]), left: new Set(stage.left()) })
  }
  const announced = await stage.probe.tagsOf(write)
  for (const [index, { name, met, as, ask }] of readings.entries()) {
    const { data, errors } = await stage.app.query(ask, { as })
    expect(JSON.stringify([data, errors?.length]), name).not.toBe(before[index]?.shown)
    expect(
      announced.filter((tag) => before[index]?.left.has(tag)),
      name,
    ).toEqual(met)
  }
  return announced
}

describe('a statement on thousands of rows, which names few tags, ends every answer that', () => {
  test.for<readonly [what: string, write: () => string, ends: Ends]>([
    [
      'counts what comes',
      () => enrollEverywhere(people.newcomer),
      { count: ['Enrollment.courseId~'], whole: ['Enrollment.*'], list: ['Enrollment.courseId~'] },
    ],
    [
      'shows or sums up what changes',
      () => 'UPDATE "Enrollment" SET progress = 0.5',
      {
        average: ['Enrollment.courseId~'],
        list: ['Enrollment.courseId~', 'Enrollment:~'],
      },
    ],
    [
      'counts or shows what goes',
      () => 'DELETE FROM "Enrollment"',
      {
        count: ['Enrollment.courseId~'],
        list: ['Enrollment.courseId~', 'Enrollment:~'],
        whole: ['Enrollment.*'],
      },
    ],
    ['shows a row that changes', () => `UPDATE "Course" SET title = 'all'`, { row: ['Course:~'] }],
    [
      'shows a row that goes, or counts what goes with it',
      () => 'DELETE FROM "Course"',
      { row: ['Course:~'], count: ['Course:~', 'Enrollment.courseId~'] },
    ],
  ])('%s', async ([, write, ends]) => {
    expect((await expectToEnd(ends, write())).length).toBeLessThan(20)
  })

  test('counts what moves', async () => {
    const numbered = `(SELECT id, lead(id) OVER (ORDER BY id) AS next, row_number() OVER (ORDER BY id) AS number FROM "Course")`
    await stage.probe.run(
      `DELETE FROM "Enrollment" AS e USING ${numbered} AS c WHERE e."courseId" = c.id AND number % 2 = 0`,
    )

    await expectToEnd(
      { count: ['Enrollment.courseId~'] },
      `UPDATE "Enrollment" AS e SET "courseId" = c.next FROM ${numbered} AS c WHERE e."courseId" = c.id AND c.next IS NOT NULL`,
    )
  })

  test('was made for one of thousands of people', async () => {
    await stage.probe.run(
      `INSERT INTO "User" (id, email, name, "updatedAt")
       SELECT gen_random_uuid(), number || '@example.org', 'n', now() FROM generate_series(1, ${many}) AS number`,
    )

    await expectToEnd(
      { oneself: ['User:~'], byRole: ['User:~'] },
      `UPDATE "User" SET name = 'all', role = 'ADMIN'`,
    )
  })
})

describe('TRUNCATE ends every answer that', () => {
  test('shows, counts or sums up rows of the table', async () => {
    await expectToEnd(
      {
        count: ['Enrollment.courseId~'],
        average: ['Enrollment.courseId~'],
        list: ['Enrollment.courseId~', 'Enrollment:~'],
        whole: ['Enrollment.*'],
      },
      'TRUNCATE "Enrollment" CASCADE',
    )
  })

  test('shows a row of a table that goes with it', async () => {
    await expectToEnd({ row: ['Course:~'] }, 'TRUNCATE "User" CASCADE')
  })

  test('lists what a join table leads to', async () => {
    await using catalogue = await openFilledCatalogue({ authors: 1, books: 3 })
    const adapter = await catalogue.database.adapter.connect()
    await adapter.executeScript(generateTriggers(catalogue.datamodel))
    const [[id] = []] = await catalogue.run('SELECT id FROM archive.book LIMIT 1')
    const { readSet } = await catalogue.ask(
      `{ node(id: "${idOf('Book', id)}") { ... on Book { tags { totalCount } } } }`,
      { viewer: { id: '', role: 'EDITOR' } },
    )

    const announced = await createProbe(catalogue.database).tagsOf('TRUNCATE archive."_BookToTag"')

    expect(announced.filter((tag) => readSet.tags.has(tag))).toEqual(['_BookToTag.A~'])
  })
})
