-- courses: 3 rows
SELECT k.i, r."id"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id"
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;
