-- course: 1 row
SELECT t."id", t."teacherId", t."title", t."slug", t."summary", t."description", t."status", t."priceCents", t."currency", t."publishedAt", t."createdAt", t."updatedAt"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);
