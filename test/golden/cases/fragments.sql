-- course, other: 2 rows
SELECT t."id", t."teacherId", t."title", t."slug", t."summary", t."status", t_1."id", t_1."name", t_1."timezone"
FROM "Course" t
LEFT JOIN LATERAL (
  SELECT j."id", j."name", j."timezone"
  FROM "User" j
  WHERE j."id" = t."teacherId"
  LIMIT 1
) t_1 ON TRUE
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);
