const keys = `json_array_elements_text($1::json->'keys') WITH ORDINALITY AS k (key, place)`

/** What PostgreSQL breaks into lines of 76 is put together again; padding is left out. */
function globalId(type: string, key: string): string {
  return `translate(encode(convert_to('${type}:' || ${key}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`
}

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
