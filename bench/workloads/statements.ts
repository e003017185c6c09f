import { globalId } from './global-id-sql.ts'
import { screenStatements } from './screen-statements.ts'

const keys = `json_array_elements_text($1::json->'keys') WITH ORDINALITY AS k (key, place)`

/**
 * Each workload by hand: one statement, with the variables as one parameter, whose only value is the
 * text of the answer's `data`. Ids are global ones, as in all other answers.
 */
export const statements: Readonly<Record<string, string>> = {
  node: `SELECT json_build_object('node', json_build_object(
      'id', ${globalId('Course', 'c.id')}, 'title', c.title, 'status', c.status, 'summary', c.summary
    ))::text FROM "Course" c WHERE c.id = ($1::json->>'key')::uuid`,

  list: `SELECT json_build_object('courses', json_build_object('nodes', json_agg(json_build_object(
      'id', ${globalId('Course', 'c.id')}, 'title', c.title, 'slug', c.slug, 'status', c.status,
      'priceCents', c."priceCents"
    ) ORDER BY c.title, c.id)))::text
    FROM (SELECT * FROM "Course" c ORDER BY c.title, c.id LIMIT 100) c`,

  nested: nested(`'totalCount', (SELECT count(*) FROM "Enrollment" e WHERE e."courseId" = c.id),`),
  'nested-uncounted': nested(''),

  chain: `SELECT json_build_object('nodes', json_agg(json_build_object(
      'progress', e.progress,
      'course', json_build_object('title', c.title, 'teacher', json_build_object('name', u.name))
    ) ORDER BY k.place))::text
    FROM ${keys} JOIN "Enrollment" e ON e.id = k.key::uuid
    JOIN "Course" c ON c.id = e."courseId" JOIN "User" u ON u.id = c."teacherId"`,

  deep: `SELECT json_build_object('nodes', json_agg(json_build_object(
      'title', c.title,
      'enrollments', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('progress', e.progress, 'student', (
          SELECT json_build_object('name', u.name, 'enrollments', json_build_object('nodes', (
            SELECT coalesce(json_agg(json_build_object('status', f.status, 'course', (
              SELECT json_build_object('title', d.title, 'teacher', (
                SELECT json_build_object('name', t.name) FROM "User" t WHERE t.id = d."teacherId"))
              FROM "Course" d WHERE d.id = f."courseId"
            )) ORDER BY f."enrolledAt" DESC, f.id DESC), '[]')
            FROM (SELECT * FROM "Enrollment" f WHERE f."studentId" = u.id
              ORDER BY f."enrolledAt" DESC, f.id DESC LIMIT 3) f)))
          FROM "User" u WHERE u.id = e."studentId"
        )) ORDER BY e."enrolledAt" DESC, e.id DESC), '[]')
        FROM (SELECT * FROM "Enrollment" e WHERE e."courseId" = c.id
          ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT 5) e))
    ) ORDER BY k.place))::text FROM ${keys} JOIN "Course" c ON c.id = k.key::uuid`,

  wide: `SELECT json_build_object('course', json_build_object(${Array.from(
    { length: 30 },
    (_, index) => `'page${index + 1}', json_build_object('nodes', (
      SELECT coalesce(json_agg(json_build_object('progress', e.progress)
        ORDER BY e."enrolledAt" DESC, e.id DESC), '[]')
      FROM (SELECT * FROM "Enrollment" e WHERE e."courseId" = c.id
        ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT ${index + 1}) e))`,
  ).join()}))::text FROM "Course" c WHERE c.id = ($1::json->>'key')::uuid`,

  'hit-2k': cards(2),
  'hit-20k': cards(24),
  'hit-20k-identity': cards(24),

  mutation: `UPDATE "Enrollment" SET progress = ($1::json->>'progress')::float, "updatedAt" = now()
    WHERE id = ($1::json->>'key')::uuid
    RETURNING json_build_object('updateProgress', json_build_object('enrollment', json_build_object(
      'progress', progress, 'status', status)))::text`,

  import: `WITH asked AS (
      SELECT r->>'email' AS email, r->>'name' AS name, place
      FROM json_array_elements($1::json->'rows') WITH ORDINALITY AS rows (r, place)
    ), made AS (
      INSERT INTO "User" (id, email, name) SELECT gen_random_uuid(), email, name FROM asked
      ON CONFLICT (email) DO NOTHING RETURNING email
    )
    SELECT json_build_object('importStudents', json_build_object('results', json_agg(json_build_object(
      'status', CASE WHEN made.email IS NULL THEN 'EXISTING' ELSE 'CREATED' END) ORDER BY place)))::text
    FROM asked LEFT JOIN made USING (email)`,

  ...screenStatements,
}

function cards(first: number): string {
  return `SELECT json_build_object('courses', json_build_object('nodes', json_agg(json_build_object(
      'id', ${globalId('Course', 'c.id')}, 'title', c.title, 'slug', c.slug, 'status', c.status,
      'description', c.description, 'currency', c.currency,
      'teacher', (SELECT json_build_object('id', ${globalId('User', 'u.id')}, 'name', u.name)
        FROM "User" u WHERE u.id = c."teacherId")
    ) ORDER BY c.title, c.id)))::text
    FROM (SELECT * FROM "Course" c ORDER BY c.title, c.id LIMIT ${first}) c`
}

function nested(count: string): string {
  return `SELECT json_build_object('nodes', json_agg(json_build_object(
      'id', ${globalId('Course', 'c.id')},
      'title', c.title,
      'teacher', (SELECT json_build_object('name', u.name) FROM "User" u WHERE u.id = c."teacherId"),
      'enrollments', json_build_object(${count} 'nodes', (
        SELECT coalesce(json_agg(json_build_object('progress', e.progress, 'student', (
          SELECT json_build_object('name', u.name) FROM "User" u WHERE u.id = e."studentId"
        )) ORDER BY e."enrolledAt" DESC, e.id DESC), '[]')
        FROM (SELECT * FROM "Enrollment" e WHERE e."courseId" = c.id
          ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT 10) e)),
      'lessons', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('title', l.title, 'position', l.position)
          ORDER BY l.position, l.id), '[]')
        FROM (SELECT * FROM "Lesson" l WHERE l."courseId" = c.id ORDER BY l.position, l.id LIMIT 5) l))
    ) ORDER BY k.place))::text FROM ${keys} JOIN "Course" c ON c.id = k.key::uuid`
}
