-- course, gone: 1 row
SELECT t."id", t."teacherId", t."title", t."status"
FROM "Course" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- lesson: 1 row
SELECT t."id", t."courseId", t."title", t_1."id", t_1."title"
FROM "Lesson" t
LEFT JOIN LATERAL (
  SELECT j."id", j."title"
  FROM "Course" j
  WHERE j."id" = t."courseId"
  LIMIT 1
) t_1 ON TRUE
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- person: 1 row
SELECT t."id", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- lesson: 1 row
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", "courseId")
WHERE EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."id" = k."courseId"
    AND kr."status" = 'ACTIVE'
);

-- person: 1 row
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, "id")
WHERE EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."teacherId" = k."id"
    AND kr."status" = 'ACTIVE'
);
