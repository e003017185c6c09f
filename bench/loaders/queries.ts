/**
 * Fifty courses of very different size: the fifth to the fifty-fourth most enrolled, 74,302
 * enrollments of the bench data, of which a page shows 500.
 */
export const fiftyCourses = `
  SELECT c.id::text FROM "Course" c JOIN "Enrollment" e ON e."courseId" = c.id
  WHERE c.status = 'ACTIVE' GROUP BY c.id ORDER BY count(*) DESC, c.id OFFSET 4 LIMIT 50`

/** The fifty, each with its teacher, newest students, their number, and first lessons. */
export function nestedPageQuery(counted: boolean): string {
  return `query NestedPage($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Course {
        id
        title
        teacher { name }
        enrollments(first: 10) {
          ${counted ? 'totalCount' : ''}
          nodes { progress student { name } }
        }
        lessons(first: 5) { nodes { title position } }
      }
    }
  }`
}

/** The same by hand: one statement that builds the JSON. */
export function nestedPageJson(counted: boolean): string {
  const count = `'totalCount', (SELECT count(*) FROM "Enrollment" e WHERE e."courseId" = c.id),`
  return `
    SELECT json_build_object('nodes', json_agg(json_build_object(
      'id', c.id,
      'title', c.title,
      'teacher', (SELECT json_build_object('name', u.name) FROM "User" u WHERE u.id = c."teacherId"),
      'enrollments', json_build_object(
        ${counted ? count : ''}
        'nodes', (
          SELECT coalesce(json_agg(json_build_object(
            'progress', e.progress,
            'student', (SELECT json_build_object('name', u.name) FROM "User" u WHERE u.id = e."studentId")
          ) ORDER BY e."enrolledAt" DESC, e.id DESC), '[]')
          FROM (
            SELECT * FROM "Enrollment" e WHERE e."courseId" = c.id
            ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT 10
          ) e
        )
      ),
      'lessons', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('title', l.title, 'position', l.position) ORDER BY l.position, l.id), '[]')
        FROM (SELECT * FROM "Lesson" l WHERE l."courseId" = c.id ORDER BY l.position, l.id LIMIT 5) l
      ))
    ) ORDER BY k.place))
    FROM unnest($1::uuid[]) WITH ORDINALITY AS k(id, place)
    JOIN "Course" c ON c.id = k.id`
}

/** A hundred enrollments by their ids, each with its course and that course's teacher. */
export const chainQuery = `query Chain($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Enrollment { progress course { title teacher { name } } }
  }
}`

export const chainJson = `
  SELECT json_build_object('nodes', json_agg(json_build_object(
    'progress', e.progress,
    'course', json_build_object('title', c.title, 'teacher', json_build_object('name', u.name))
  ) ORDER BY k.place))
  FROM unnest($1::uuid[]) WITH ORDINALITY AS k(id, place)
  JOIN "Enrollment" e ON e.id = k.id
  JOIN "Course" c ON c.id = e."courseId"
  JOIN "User" u ON u.id = c."teacherId"`

/** Enrollments spread over the whole table, so that they lead to many courses. */
export const hundredEnrollments = `
  SELECT id::text FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM "Enrollment"
  ) numbered WHERE place % 2000 = 7 ORDER BY id LIMIT 100`
