-- courses.totalCount: 1 row
SELECT k.i, r.f1
FROM unnest($1::int4[]) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
) r;

-- courses: 4 rows
SELECT k.i, r."id", r."teacherId"
FROM unnest($1::int4[], $2::int4[]) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId"
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
  ORDER BY t."title", t."id"
  LIMIT k.n
) r;

-- courses.nodes.lessons.totalCount: 4 rows
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::uuid[]) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
) r;

-- courses.nodes.enrollments.totalCount: 2 rows
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::uuid[], $3::uuid[]) AS k(i, k1, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."studentId" = k.p1
) r;

-- courses.nodes.enrollments.totalCount: 2 rows
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::uuid[]) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
) r;
