-- courses, other: 2 rows
SELECT k.i, r."id", r."title", r."summary"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::text[]), (SELECT $4::text[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."title", t."summary"
  FROM "Course" t
  WHERE (t."title" ILIKE k.p1 OR t."summary" ILIKE k.p2)
    AND t."status" = 'ACTIVE'
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- courses.totalCount, blank.totalCount: 2 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::text[]), (SELECT $3::text[])) AS k(i, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE (t."title" ILIKE k.p1 OR t."summary" ILIKE k.p2)
    AND t."status" = 'ACTIVE'
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $4::int4[])) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
) r;
