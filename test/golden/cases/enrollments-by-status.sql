-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.active, course.again: 5 rows
SELECT k.i, r."id", r."studentId", r."progress", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."studentId", t."progress"
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" = 'ACTIVE'
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."studentId"
  LIMIT 1
) r_1 ON TRUE;

-- course.cancelled: 1 row
SELECT k.i, r."id", r."studentId", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."studentId"
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" = 'CANCELLED'
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."studentId"
  LIMIT 1
) r_1 ON TRUE;

-- course.all.totalCount, course.active.totalCount: 2 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" = 'ACTIVE'
) r;
