-- course: 1 row
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ($1::text[]);

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
  FROM unnest($1::int4[], $2::int4[], $3::uuid[], $4::int4[], $5::uuid[], $6::int4[], $7::uuid[]) AS k(i, n, k1, a1, a2, b1, b2)
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
  FROM unnest($8::int4[], $9::int4[], $10::uuid[], $11::int4[], $12::uuid[], $13::int4[], $14::uuid[]) AS k(i, n, k1, a1, a2, b1, b2)
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
