-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ($1::uuid[]);

-- viewer.usage.totalCount: 1 row
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::uuid[], $3::timestamptz[]) AS k(i, k1, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "UsageRecord" t
  WHERE t."userId" = k.k1
    AND t."recordedAt" >= k.p1
) r;

-- viewer.usage: 2 rows
SELECT k.i, r."id", r."metric", r."quantity", r."recordedAt"
FROM unnest($1::int4[], $2::int4[], $3::uuid[], $4::timestamptz[]) AS k(i, n, k1, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."metric", t."quantity", t."recordedAt"
  FROM "UsageRecord" t
  WHERE t."userId" = k.k1
    AND t."recordedAt" >= k.p1
  ORDER BY t."recordedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- viewer.creditBalance: 1 row
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::uuid[]) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(t."amount"), 0)::float8 AS f1
  FROM "CreditEntry" t
  WHERE t."userId" = k.k1
) r;

-- viewer.creditEntries: 2 rows
SELECT k.i, r."id", r."amount", r."reason"
FROM unnest($1::int4[], $2::int4[], $3::uuid[]) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."amount", t."reason"
  FROM "CreditEntry" t
  WHERE t."userId" = k.k1
  ORDER BY t."createdAt" DESC, t."id" DESC
  LIMIT k.n
) r;
