-- course: 1 row
SELECT t."id", t."teacherId", t."title", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- course: 0 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", p1)
WHERE EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."courseId" = k."id"
    AND kr."studentId" = k.p1
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
);

-- viewer.enrollments: 2 rows
SELECT k.i, r."id", r."courseId", r."status", r_1."id", r_1."teacherId", r_1."title", r_1."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId", t."status"
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
    AND (t."studentId" = k.p1 OR EXISTS (
    SELECT 1
    FROM "Course" tr
    WHERE tr."id" = t."courseId"
      AND tr."teacherId" = k.p2
  ))
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = r."courseId"
  LIMIT 1
) r_1 ON TRUE;

-- viewer.enrollments.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
    AND (t."studentId" = k.p1 OR EXISTS (
    SELECT 1
    FROM "Course" tr
    WHERE tr."id" = t."courseId"
      AND tr."teacherId" = k.p2
  ))
) r;

-- viewer.enrollments.nodes.course: 0 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", p1)
WHERE EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."courseId" = k."id"
    AND kr."studentId" = k.p1
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
);
