import { createProbe } from '../capture/probe.ts'
import { globalId } from '../support/global-id.ts'
import type { Rows } from '../support/rows.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { watchReads } from '../support/watch-reads.ts'

/** An answer, and a write that may end it. */
interface Example {
  /** Who asks, by their raw id. @default nobody */
  readonly as?: string
  readonly ask: string
  /** In SQL: nothing of ours stands between it and the database. */
  readonly write: string
}

/** The rows of an example, and what is asked and written about them. */
export type Given = (rows: Rows, app: TestApp) => Promise<Example>

/** The app with its triggers, for examples of reads and writes. */
export async function startStage() {
  const reads = watchReads()
  const app = await startTestApp({ plugins: [reads.plugin] })
  const probe = createProbe(app.database)
  return {
    app,
    probe,
    /** The tags of the operation that was answered last. */
    left: () => reads.last.readSet.tags,
    /** Asks, writes and asks again. */
    async play(given: Given) {
      const { as = null, ask, write } = await given(app.rows, app)
      const before = await app.query(ask, { as })
      const left = reads.last.readSet.tags
      const announced = await probe.tagsOf(write)
      const after = await app.query(ask, { as })
      return {
        left,
        announced,
        /** What the write announced that the first answer had left. */
        met: announced.filter((tag) => left.has(tag)),
        isChanged: show(before) !== show(after),
      }
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

function show({ data, errors }: Awaited<ReturnType<TestApp['query']>>): string {
  return JSON.stringify([data, errors?.map(({ path, extensions }) => [path, extensions.code])])
}

export const titleOf = (course: string) =>
  `{ course(id: "${globalId('Course', course)}") { title } }`

export const statsOf = (course: string, figures: string) =>
  `{ course(id: "${globalId('Course', course)}") { stats { ${figures} } } }`

export const setOn = (table: string, id: string, set: string) =>
  `UPDATE "${table}" SET ${set} WHERE id = '${id}'`

export const remove = (table: string, id: string) => `DELETE FROM "${table}" WHERE id = '${id}'`

export const enroll = (course: string, student: string) =>
  `INSERT INTO "Enrollment" (id, "courseId", "studentId", "updatedAt")
   VALUES (gen_random_uuid(), '${course}', '${student}', now())`

export const invite = (meeting: string, user: string) =>
  `INSERT INTO "Attendee" (id, "meetingId", "userId", "updatedAt")
   VALUES (gen_random_uuid(), '${meeting}', '${user}', now())`

/** A course like another, under another id and slug. */
export const copyCourse = (course: string, slug: string) =>
  `INSERT INTO "Course" SELECT (jsonb_populate_record(c, jsonb_build_object(
     'id', gen_random_uuid(), 'slug', '${slug}'))).* FROM "Course" AS c WHERE id = '${course}'`
