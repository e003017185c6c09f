-- aiModels: 2 rows
SELECT k.i, r."id", r."providerId", r."name", r."contextWindow", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."providerId", t."name", t."contextWindow"
  FROM "AiModel" t
  WHERE t."enabled" = TRUE
  ORDER BY t."name", t."id"
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "AiProvider" j
  WHERE j."id" = r."providerId"
  LIMIT 1
) r_1 ON TRUE;

-- all: 3 rows
SELECT k.i, r."id", r."name", r."enabled"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."name", t."enabled"
  FROM "AiModel" t
  ORDER BY t."name", t."id"
  LIMIT k.n
) r;

-- node: 1 row
SELECT t."id", t."name"
FROM "AiProvider" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- aiModels.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[])) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "AiModel" t
  WHERE t."enabled" = TRUE
) r;

-- node.models: 1 row
SELECT k.i, r."id", r."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."name"
  FROM "AiModel" t
  WHERE t."providerId" = k.k1
    AND t."enabled" = TRUE
  ORDER BY t."name", t."id"
  LIMIT k.n
) r;
