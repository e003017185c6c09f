-- users: 4 rows
SELECT k.i, r."id", r."email", r."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."email", t."name"
  FROM "User" t
  WHERE t."role" = 'STUDENT'
  ORDER BY t."name", t."id"
  LIMIT k.n
) r;

-- found: 2 rows
SELECT k.i, r."id", r."email", r."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::text[]), (SELECT $4::text[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."email", t."name"
  FROM "User" t
  WHERE (t."name" ILIKE k.p1 OR t."email" ILIKE k.p2)
  ORDER BY t."createdAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- users.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[])) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "User" t
  WHERE t."role" = 'STUDENT'
) r;
