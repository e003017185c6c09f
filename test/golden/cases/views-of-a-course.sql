-- courses: 3 rows
SELECT k.i, r."id", r."teacherId", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId", t."status"
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

-- courses.nodes.stats.enrollmentCount: 2 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" IN ('ACTIVE', 'COMPLETED')
) r;
