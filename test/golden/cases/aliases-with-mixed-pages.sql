-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.two, course.rest, course.last, course.none: 9 rows
(
  SELECT k.i, r."id", r."position", r."title"
  FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::int4[]), (SELECT $5::uuid[])) AS k(i, n, k1, a1, a2)
  CROSS JOIN LATERAL (
    SELECT t."id", t."position", t."title"
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND (t."position", t."id") > (k.a1, k.a2)
    ORDER BY t."position", t."id"
    LIMIT k.n
  ) r
)
UNION ALL (
  SELECT k.i, r."id", r."position", r."title"
  FROM unnest((SELECT $6::int4[]), (SELECT $7::int4[]), (SELECT $8::uuid[])) AS k(i, n, k1)
  CROSS JOIN LATERAL (
    SELECT t."id", t."position", t."title"
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
    ORDER BY t."position", t."id"
    LIMIT k.n
  ) r
)
UNION ALL (
  SELECT k.i, r."id", r."position", r."title"
  FROM unnest((SELECT $9::int4[]), (SELECT $10::int4[]), (SELECT $11::uuid[])) AS k(i, n, k1)
  CROSS JOIN LATERAL (
    SELECT t."id", t."position", t."title"
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
    ORDER BY t."position" DESC, t."id" DESC
    LIMIT k.n
  ) r
);
