-- conversation: 1 row
SELECT t."id", t."userId", t."modelId", t."title", t."lastMessageAt", t_1."id", t_1."providerId", t_1."name", t_1_1."id", t_1_1."name"
FROM "Conversation" t
LEFT JOIN LATERAL (
  SELECT j."id", j."providerId", j."name"
  FROM "AiModel" j
  WHERE j."id" = t."modelId"
  LIMIT 1
) t_1 ON TRUE
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "AiProvider" j
  WHERE j."id" = t_1."providerId"
  LIMIT 1
) t_1_1 ON TRUE
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- conversation.messages: 3 rows
SELECT k.i, r."id", r."role", r."content"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."role", t."content"
  FROM "Message" t
  WHERE t."conversationId" = k.k1
  ORDER BY t."createdAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- conversation.messages.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Message" t
  WHERE t."conversationId" = k.k1
) r;
