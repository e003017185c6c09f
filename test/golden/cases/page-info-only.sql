-- courses: 3 rows
SELECT k.i, r.c1, r.c2, r."id"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."publishedAt" AS c1, t."id" AS c2, t."id"
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;
