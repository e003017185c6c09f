-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status", t_1."id"
FROM "Course" t
LEFT JOIN LATERAL (
  SELECT j."id"
  FROM "User" j
  WHERE j."id" = t."teacherId"
  LIMIT 1
) t_1 ON TRUE
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.teacher.courses: 4 rows
SELECT k.i, r."id", r."teacherId"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId"
  FROM "Course" t
  WHERE t."teacherId" = k.k1
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- course.teacher.courses.nodes.enrollments: 4 rows
SELECT k.i, r."id", r."studentId", r_1."id"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."studentId"
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id"
  FROM "User" j
  WHERE j."id" = r."studentId"
  LIMIT 1
) r_1 ON TRUE;

-- course.teacher.courses.nodes.enrollments.nodes.student.enrollments: 5 rows
SELECT k.i, r."id", r."courseId", r_1."id", r_1."teacherId", r_1."title", r_1."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId"
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = r."courseId"
  LIMIT 1
) r_1 ON TRUE;

-- course.teacher.courses.nodes.enrollments.nodes.student.enrollments.nodes.course.lessons: 5 rows
SELECT k.i, r."id", r."title"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."title"
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
  ORDER BY t."position", t."id"
  LIMIT k.n
) r;
