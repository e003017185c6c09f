import type pg from 'pg'

/** One question in the words of each peer; the answers must be equal. */
export interface Workload {
  /** For Loadline, and for the peers whose schema is like its own. */
  readonly query: string
  /** What of it changes from request to request; all of them are sent in turn. */
  draw(rows: Rows): readonly Variables[]
  /** The same in PostGraphile's schema, and how its answer becomes Loadline's; null: not compared. */
  readonly postgraphile: {
    readonly query: string
    readonly variables?: (variables: Variables) => object
    readonly read?: (data: never) => unknown
  } | null
  /** @default 'reads': computed from the bench data; 'writes', 'hits': from copies of it */
  readonly kind?: 'reads' | 'writes' | 'hits'
  /** Whether each request is written anew, because none may come twice. @default false */
  readonly isFresh?: boolean
  /** @default what is asked for on the command line */
  readonly connections?: number
  /** @default none: nobody compresses */
  readonly acceptEncoding?: string
}

export interface Variables {
  /** Raw ids, for peers that take them; the others take `id` and `ids`. */
  readonly key?: string
  readonly keys?: readonly string[]
  readonly id?: string
  readonly ids?: readonly string[]
  /** The raw id of who asks. @default an admin */
  readonly viewer?: string
  /** What else `query` takes. */
  readonly more?: Readonly<Record<string, unknown>>
  /** The same by hand, beside `key` and `keys`. */
  readonly byHand?: Readonly<Record<string, unknown>>
}

/** Rows of the bench data set that the workloads are about. */
export interface Rows {
  readonly courses: readonly string[]
  readonly fiftyCourses: readonly string[]
  readonly hundredEnrollments: readonly string[]
  readonly activeEnrollments: readonly string[]
  readonly students: readonly string[]
  readonly teachers: readonly string[]
  readonly admin: string
  readonly words: readonly string[]
}

export async function readRows(client: pg.Client): Promise<Rows> {
  const read = async (text: string) => (await client.query(text)).rows.map(({ id }) => String(id))
  return {
    courses: await read(`SELECT id FROM "Course" WHERE status = 'ACTIVE' ORDER BY id LIMIT 500`),
    // Of very different size: 74,302 enrollments, of which a page shows 500.
    fiftyCourses: await read(`SELECT c.id FROM "Course" c JOIN "Enrollment" e ON e."courseId" = c.id
      WHERE c.status = 'ACTIVE' GROUP BY c.id ORDER BY count(*) DESC, c.id OFFSET 4 LIMIT 50`),
    hundredEnrollments: await read(`SELECT id FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM "Enrollment"
      ) numbered WHERE place % 2000 = 7 ORDER BY id LIMIT 100`),
    activeEnrollments: await read(
      `SELECT id FROM "Enrollment" WHERE status = 'ACTIVE' ORDER BY md5(id::text) LIMIT 500`,
    ),
    // Peers check no permissions: these students are shown no meeting of a course that they may not see.
    students: await read(`SELECT e."studentId" AS id FROM "Enrollment" e WHERE e.status = 'ACTIVE'
      AND NOT EXISTS (SELECT FROM "Attendee" a JOIN "Meeting" m ON m.id = a."meetingId"
        JOIN "Course" c ON c.id = m."courseId" WHERE a."userId" = e."studentId" AND c.status <> 'ACTIVE')
      GROUP BY 1 HAVING count(*) BETWEEN 5 AND 20 ORDER BY 1 LIMIT 50`),
    // Of those who left a course, its teacher may not read the address.
    teachers: await read(`SELECT c."teacherId" AS id FROM "Course" c CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE e.status NOT IN ('ACTIVE', 'COMPLETED')) AS number
        FROM (SELECT e.status FROM "Enrollment" e WHERE e."courseId" = c.id
          ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT 5) e) gone
      GROUP BY 1 HAVING sum(gone.number) = 0 AND count(*) >= 2 ORDER BY 1 LIMIT 20`),
    admin: (await read(`SELECT id FROM "User" WHERE role = 'ADMIN' ORDER BY id LIMIT 1`))[0] ?? '',
    words: await read(`SELECT DISTINCT lower(word) AS id
      FROM "Course", regexp_split_to_table(title, '[^A-Za-z]+') AS word
      WHERE length(word) >= 5 ORDER BY 1 LIMIT 20`),
  }
}
