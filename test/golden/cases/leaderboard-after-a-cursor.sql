-- leaderboard: 3 rows
SELECT k.i, (EXISTS (
  SELECT 1
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
  WHERE t.o1 > k.a1
) OR EXISTS (
  SELECT 1
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
  WHERE t.o1 = k.a1
    AND t."id" < k.a2
) OR EXISTS (
  SELECT 1
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
  WHERE t.o1 = k.a1
    AND t."id" = k.a2
)), r.is_row, r.rank, r."id", r."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::int8[]), (SELECT $4::uuid[])) AS k(i, n, a1, a2)
LEFT JOIN LATERAL (
  SELECT TRUE AS is_row, *
  FROM (
    (
      SELECT t.rank AS rank, t."id", t."name", t.o1 AS s1, t."id" AS s2
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
      WHERE t.o1 < k.a1
      ORDER BY t.o1 DESC, t."id"
      LIMIT k.n
    )
    UNION ALL (
      SELECT t.rank AS rank, t."id", t."name", t.o1 AS s1, t."id" AS s2
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
      WHERE t.o1 = k.a1
        AND t."id" > k.a2
      ORDER BY t.o1 DESC, t."id"
      LIMIT k.n
    )
  ) u
  ORDER BY s1 DESC, s2
  LIMIT k.n
) r ON TRUE;
