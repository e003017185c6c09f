-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.enrollments: 3 rows
SELECT k.i, r."id", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."status"
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
) r;

-- viewer.payments: 4 rows
SELECT k.i, r."id", r."enrollmentId", r."courseId", r."amountCents", r_1."id", r_1."status", r_2."id", r_2."teacherId", r_2."title", r_2."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."enrollmentId", t."courseId", t."amountCents"
  FROM "Payment" t
  WHERE t."studentId" = k.k1
    AND (t."studentId" = k.p1 OR EXISTS (
    SELECT 1
    FROM "Course" tr
    WHERE tr."id" = t."courseId"
      AND tr."teacherId" = k.p2
  ))
  ORDER BY t."paidAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."status"
  FROM "Enrollment" j
  WHERE j."id" = r."enrollmentId"
  LIMIT 1
) r_1 ON TRUE
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = r."courseId"
  LIMIT 1
) r_2 ON TRUE;

-- viewer.payments.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Payment" t
  WHERE t."studentId" = k.k1
    AND (t."studentId" = k.p1 OR EXISTS (
    SELECT 1
    FROM "Course" tr
    WHERE tr."id" = t."courseId"
      AND tr."teacherId" = k.p2
  ))
) r;

-- viewer.enrollments.nodes.payments: 4 rows
SELECT k.i, r."id", r."amountCents", r."currency", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."amountCents", t."currency", t."status"
  FROM "Payment" t
  WHERE t."enrollmentId" = k.k1
  ORDER BY t."paidAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- viewer.payments.nodes.course: 1 row
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", p1)
WHERE EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."courseId" = k."id"
    AND kr."studentId" = k.p1
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
);
