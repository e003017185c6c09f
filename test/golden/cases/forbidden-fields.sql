-- course: 1 row
SELECT t."id", t."teacherId", t."title", t."slug", t."status", t."currency", t_1."id", t_1."email", t_1."name"
FROM "Course" t
LEFT JOIN LATERAL (
  SELECT j."id", j."email", j."name"
  FROM "User" j
  WHERE j."id" = t."teacherId"
  LIMIT 1
) t_1 ON TRUE
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.lessons: 3 rows
SELECT k.i, r."id", r."courseId", r."title", r."body"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId", t."title", t."body"
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
  ORDER BY t."position", t."id"
  LIMIT k.n
) r;

-- course.teacher.email: 0 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", p1)
WHERE EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."studentId" = k."id"
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
    AND EXISTS (
    SELECT 1
    FROM "Course" krr
    WHERE krr."id" = kr."courseId"
      AND krr."teacherId" = k.p1
  )
);

-- course.stats.enrollmentCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" IN ('ACTIVE', 'COMPLETED')
) r;

-- course.lessons.nodes.body: 0 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, "id", "courseId", p1, p2)
WHERE (EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."id" = k."courseId"
    AND kr."teacherId" = k.p1
) OR EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."id" = k."courseId"
    AND EXISTS (
    SELECT 1
    FROM "Enrollment" krr
    WHERE krr."courseId" = kr."id"
      AND krr."studentId" = k.p2
      AND krr."status" IN ('ACTIVE', 'COMPLETED')
  )
));
