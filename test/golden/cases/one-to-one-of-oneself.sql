-- viewer: 1 row
SELECT t."id", t."email"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.profile: 1 row
SELECT t."id", t."userId", t."headline", t."bio", t."website", t_1."id", t_1."name"
FROM "Profile" t
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = t."userId"
  LIMIT 1
) t_1 ON TRUE
WHERE t."userId" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.subscription: 1 row
SELECT t."id", t."userId", t."plan", t."status", t."renewsAt"
FROM "Subscription" t
WHERE t."userId" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.botSettings: 1 row
SELECT t."id", t."userId", t."autoJoin", t."language"
FROM "BotSettings" t
WHERE t."userId" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.integrations: 2 rows
SELECT k.i, r."id", r."provider", r."status", r."lastSyncedAt"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."provider", t."status", t."lastSyncedAt"
  FROM "Integration" t
  WHERE t."userId" = k.k1
  ORDER BY t."provider", t."id"
  LIMIT k.n
) r;
