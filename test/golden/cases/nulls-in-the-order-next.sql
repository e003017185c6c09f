-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.payments: 3 rows
SELECT k.i, (EXISTS (
  SELECT 1
  FROM "Payment" t
  WHERE t."courseId" = k.k1
    AND t."paidAt" IS NULL
    AND t."id" > k.a2
) OR EXISTS (
  SELECT 1
  FROM "Payment" t
  WHERE t."courseId" = k.k1
    AND t."paidAt" IS NULL
    AND t."id" = k.a2
)), r.is_row, r."id", r."status", r."paidAt"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::timestamptz[]), (SELECT $5::uuid[])) AS k(i, n, k1, a1, a2)
LEFT JOIN LATERAL (
  SELECT TRUE AS is_row, *
  FROM (
    (
      SELECT t."id", t."status", t."paidAt", t."paidAt" AS s1, t."id" AS s2
      FROM "Payment" t
      WHERE t."courseId" = k.k1
        AND t."paidAt" IS NOT NULL
      ORDER BY t."paidAt" DESC, t."id" DESC
      LIMIT k.n
    )
    UNION ALL (
      SELECT t."id", t."status", t."paidAt", t."paidAt" AS s1, t."id" AS s2
      FROM "Payment" t
      WHERE t."courseId" = k.k1
        AND t."paidAt" IS NULL
        AND t."id" < k.a2
      ORDER BY t."paidAt" DESC, t."id" DESC
      LIMIT k.n
    )
  ) u
  ORDER BY s1 DESC, s2 DESC
  LIMIT k.n
) r ON TRUE;
