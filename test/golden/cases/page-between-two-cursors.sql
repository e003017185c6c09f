-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.lessons, course.back: 5 rows
(
  SELECT k.i, (EXISTS (
    SELECT 1
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND (t."position", t."id") < (k.a1, k.a2)
  ) OR EXISTS (
    SELECT 1
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND t."position" = k.a1
      AND t."id" = k.a2
  )), r.is_row, r."id", r."position"
  FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::int4[]), (SELECT $5::uuid[]), (SELECT $6::int4[]), (SELECT $7::uuid[])) AS k(i, n, k1, a1, a2, b1, b2)
  LEFT JOIN LATERAL (
    SELECT TRUE AS is_row, t."id", t."position"
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND (t."position", t."id") > (k.a1, k.a2)
      AND (((t."position", t."id") < (k.b1, k.b2)))
    ORDER BY t."position", t."id"
    LIMIT k.n
  ) r ON TRUE
)
UNION ALL (
  SELECT k.i, (EXISTS (
    SELECT 1
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND (t."position", t."id") > (k.a1, k.a2)
  ) OR EXISTS (
    SELECT 1
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND t."position" = k.a1
      AND t."id" = k.a2
  )), r.is_row, r."id", r."position"
  FROM unnest((SELECT $8::int4[]), (SELECT $9::int4[]), (SELECT $10::uuid[]), (SELECT $11::int4[]), (SELECT $12::uuid[]), (SELECT $13::int4[]), (SELECT $14::uuid[])) AS k(i, n, k1, a1, a2, b1, b2)
  LEFT JOIN LATERAL (
    SELECT TRUE AS is_row, t."id", t."position"
    FROM "Lesson" t
    WHERE t."courseId" = k.k1
      AND (t."position", t."id") < (k.a1, k.a2)
      AND (((t."position", t."id") > (k.b1, k.b2)))
    ORDER BY t."position" DESC, t."id" DESC
    LIMIT k.n
  ) r ON TRUE
);
