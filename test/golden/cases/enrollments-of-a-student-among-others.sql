-- courses: 4 rows
SELECT k.i, r."id", r."teacherId", r."title"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId", t."title"
  FROM "Course" t
  WHERE (t."status" = 'ACTIVE' OR t."teacherId" = k.p1 OR (t."status" = 'ARCHIVED' AND EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."courseId" = t."id"
      AND tr."studentId" = k.p2
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
  )))
  ORDER BY t."title", t."id"
  LIMIT k.n
) r;

-- courses.nodes.enrollments: 3 rows
SELECT k.i, r."id", r."studentId", r."status", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, n, k1, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."studentId", t."status"
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."studentId" = k.p1
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."studentId"
  LIMIT 1
) r_1 ON TRUE;

-- courses.nodes.enrollments.totalCount: 4 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, k1, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."studentId" = k.p1
) r;
