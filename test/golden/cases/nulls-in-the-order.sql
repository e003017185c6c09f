-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.payments: 2 rows
SELECT k.i, r.c1, r.c2, r."id", r."studentId", r."status", r."paidAt", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."paidAt" AS c1, t."id" AS c2, t."id", t."studentId", t."status", t."paidAt"
  FROM "Payment" t
  WHERE t."courseId" = k.k1
  ORDER BY t."paidAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."studentId"
  LIMIT 1
) r_1 ON TRUE;
