-- course: 1 row
SELECT t."id", t."teacherId", t."title", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course: 1 row
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", p1)
WHERE EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."courseId" = k."id"
    AND kr."studentId" = k.p1
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
);

-- course.lessons: 2 rows
SELECT k.i, r."id", r."courseId", r."title", r."body"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId", t."title", t."body"
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
  ORDER BY t."position", t."id"
  LIMIT k.n
) r;

-- course.lessons.nodes.body: 2 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, "id", "courseId", p1, p2)
WHERE (EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."id" = k."courseId"
    AND kr."teacherId" = k.p1
) OR EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."id" = k."courseId"
    AND EXISTS (
    SELECT 1
    FROM "Enrollment" krr
    WHERE krr."courseId" = kr."id"
      AND krr."studentId" = k.p2
      AND krr."status" IN ('ACTIVE', 'COMPLETED')
  )
));
