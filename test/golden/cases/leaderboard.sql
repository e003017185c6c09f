-- leaderboard: 5 rows
SELECT k.i, r.rank, r.c1, r.c2, r."id", r."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t.rank AS rank, t.o1 AS c1, t."id" AS c2, t."id", t."name"
  FROM (
    SELECT t.*, rank() OVER (ORDER BY t.o1 DESC)::int4 AS rank
    FROM (
      SELECT t.*, coalesce(g1.figure, 0) AS o1
      FROM "User" t
      LEFT JOIN (
        SELECT f."userId" AS k1, coalesce(sum(f."amount"), 0)::int8 AS figure
        FROM "CreditEntry" f
        WHERE TRUE
        GROUP BY f."userId"
      ) g1 ON g1.k1 = t."id"
      WHERE EXISTS (
        SELECT 1
        FROM "CreditEntry" tr
        WHERE tr."userId" = t."id"
      )
    ) t
  ) t
  ORDER BY t.o1 DESC, t."id"
  LIMIT k.n
) r;

-- leaderboard.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[])) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "User" t
  WHERE EXISTS (
    SELECT 1
    FROM "CreditEntry" tr
    WHERE tr."userId" = t."id"
  )
) r;

-- leaderboard.edges.node.credits: 5 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(t."amount"), 0)::float8 AS f1
  FROM "CreditEntry" t
  WHERE t."userId" = k.k1
) r;
