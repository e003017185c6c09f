-- viewer, user: 2 rows
SELECT t."id", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.profile, user.profile: 0 rows
SELECT t."id", t."userId", t."headline", t."bio", t."website", t_1."id", t_1."name"
FROM "Profile" t
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = t."userId"
  LIMIT 1
) t_1 ON TRUE
WHERE t."userId" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.subscription, user.subscription: 0 rows
SELECT t."id", t."userId", t."plan", t."status", t."renewsAt"
FROM "Subscription" t
WHERE t."userId" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.botSettings, user.botSettings: 0 rows
SELECT t."id", t."userId", t."autoJoin", t."recordingEnabled", t."language"
FROM "BotSettings" t
WHERE t."userId" = ANY ((SELECT $1::uuid[])::uuid[]);
