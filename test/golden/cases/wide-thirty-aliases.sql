-- c0, c1, c2: 3 rows
SELECT t."id", t."teacherId", t."title", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- c0.lessons, c3.lessons, c6.lessons, c9.lessons, c12.lessons, c15.lessons, c18.lessons, c21.lessons, c24.lessons, c27.lessons, c1.lessons, c4.lessons, c7.lessons, c10.lessons, c13.lessons, c16.lessons, c19.lessons, c22.lessons, c25.lessons, c28.lessons, c2.lessons, c5.lessons, c8.lessons, c11.lessons, c14.lessons, c17.lessons, c20.lessons, c23.lessons, c26.lessons, c29.lessons: 29 rows
SELECT k.i, r."id", r."position"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."position"
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
  ORDER BY t."position", t."id"
  LIMIT k.n
) r;
