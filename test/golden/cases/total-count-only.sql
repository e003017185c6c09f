-- courses.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE (t."status" = 'ACTIVE' OR t."teacherId" = k.p1 OR (t."status" = 'ARCHIVED' AND EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."courseId" = t."id"
      AND tr."studentId" = k.p2
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
  )))
) r;
