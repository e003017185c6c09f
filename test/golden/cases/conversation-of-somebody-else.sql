-- conversation: 1 row
SELECT t."id", t."userId", t."title"
FROM "Conversation" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- user: 1 row
SELECT t."id", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);
