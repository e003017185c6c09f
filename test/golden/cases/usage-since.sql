-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.usage: 2 rows
SELECT k.i, r."id", r."metric", r."quantity", r."recordedAt"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::timestamptz[])) AS k(i, n, k1, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."metric", t."quantity", t."recordedAt"
  FROM "UsageRecord" t
  WHERE t."userId" = k.k1
    AND t."recordedAt" >= k.p1
  ORDER BY t."recordedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- viewer.creditEntries: 2 rows
SELECT k.i, r."id", r."amount", r."reason"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."amount", t."reason"
  FROM "CreditEntry" t
  WHERE t."userId" = k.k1
  ORDER BY t."createdAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- viewer.creditBalance, viewer.usage.totalCount: 2 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(t."amount"), 0)::float8 AS f1
  FROM "CreditEntry" t
  WHERE t."userId" = k.k1
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[]), (SELECT $5::timestamptz[])) AS k(i, k1, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "UsageRecord" t
  WHERE t."userId" = k.k1
    AND t."recordedAt" >= k.p1
) r;
