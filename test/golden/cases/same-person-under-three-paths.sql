-- viewer, user, node, nodes: 1 row
SELECT t."id", t."name", t."role", t."timezone", t."avatarUrl"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);
