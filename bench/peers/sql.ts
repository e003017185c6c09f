import pg from 'pg'
import { decodeId } from './global-id.ts'

interface PageOf {
  readonly key: string
  readonly first: number
}

/**
 * What somebody who writes loaders by hand would write: one prepared statement for each relation and
 * level, pages by LATERAL, rows in the order of what was asked for.
 */
export function createSql(connectionString: string) {
  pg.types.setTypeParser(20, Number)
  const pool = new pg.Pool({ connectionString, max: 10 })
  const query = async (name: string, text: string, values: readonly unknown[]) =>
    (await pool.query({ name, text, values: [...values] })).rows

  const byKey = (name: string, text: string) => async (keys: readonly string[]) => {
    const rows = await query(name, text, [[...new Set(keys)]])
    const found = new Map(rows.map((row) => [row.key, row]))
    return keys.map((key) => found.get(key) ?? null)
  }

  const pages = async (name: string, text: string, asked: readonly PageOf[]) => {
    const rows = await query(name, text, [
      asked.map(({ key }) => key),
      asked.map(({ first }) => first),
    ])
    const lists: object[][] = asked.map(() => [])
    for (const row of rows) lists[row.place - 1]?.push(row)
    return lists
  }

  const courses = byKey('courses', `SELECT ${course} FROM "Course" c WHERE id = ANY($1::uuid[])`)
  const enrollments = byKey(
    'enrollment',
    `SELECT ${enrollment} FROM "Enrollment" e WHERE id = ANY($1::uuid[])`,
  )

  return {
    courses,
    users: byKey('users', `SELECT id AS key, name FROM "User" WHERE id = ANY($1::uuid[])`),
    node: async (id: string) => (await nodes([id]))[0] ?? null,
    nodes,
    firstCourses: (first: number) =>
      query('first-courses', `SELECT ${course} FROM "Course" c ORDER BY title, id LIMIT $1`, [
        first,
      ]),
    lessons: async (asked: readonly PageOf[]) =>
      (
        await pages(
          'lessons',
          `SELECT k.place::int, l.title, l.position
            FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS k (key, first, place)
            CROSS JOIN LATERAL (SELECT * FROM "Lesson" l WHERE l."courseId" = k.key
              ORDER BY l.position, l.id LIMIT k.first) l ORDER BY k.place, l.position, l.id`,
          asked,
        )
      ).map((list) => ({ nodes: list })),
    enrollments: async (of: 'courseId' | 'studentId', asked: readonly PageOf[]) =>
      (
        await pages(
          `enrollments ${of}`,
          `SELECT k.place::int, ${enrollment}
            FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS k (key, first, place)
            CROSS JOIN LATERAL (SELECT * FROM "Enrollment" e WHERE e."${of}" = k.key
              ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT k.first) e
            ORDER BY k.place, e."enrolledAt" DESC, e.id DESC`,
          asked,
        )
      ).map((list, index) => ({ nodes: list, parent: asked[index]?.key ?? '', of })),
    counts: async (asked: readonly { readonly parent: string; readonly of: string }[]) => {
      const of = asked[0]?.of ?? ''
      const rows = await query(
        `counts ${of}`,
        `SELECT "${of}" AS key, count(*) FROM "Enrollment" WHERE "${of}" = ANY($1::uuid[]) GROUP BY 1`,
        [asked.map(({ parent }) => parent)],
      )
      const found = new Map(rows.map((row) => [row.key, row.count]))
      return asked.map(({ parent }) => found.get(parent) ?? 0)
    },
  }

  async function nodes(ids: readonly string[]) {
    const decoded = ids.map(decodeId)
    const [first] = decoded
    const find = first?.type === 'Course' ? courses : enrollments
    const rows = await find(decoded.map(({ key }) => key))
    for (const row of rows) if (row) row.__typename = first?.type
    return rows
  }
}

const course = 'c.id AS key, title, slug, summary, status, "priceCents", "teacherId"'
const enrollment = 'e.id AS key, progress, status, "courseId", "studentId"'
