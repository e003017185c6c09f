-- courses: 4 rows
SELECT k.i, r."id", r."teacherId"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId"
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
  ORDER BY t."title", t."id"
  LIMIT k.n
) r;

-- courses.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[])) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
) r;

-- courses.nodes.enrollments.totalCount, courses.nodes.lessons.totalCount: 8 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, k1, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."studentId" = k.p1
) r
UNION ALL SELECT 2, k.i, r.f1
FROM unnest((SELECT $6::int4[]), (SELECT $7::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
) r;
