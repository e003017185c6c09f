-- courses: 3 rows
SELECT k.i, r."id", r."title"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."title"
  FROM "Course" t
  WHERE t."teacherId" = k.p1
    AND (t."status" = 'ACTIVE' OR (t."status" = 'ARCHIVED' AND EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."courseId" = t."id"
      AND tr."studentId" = k.p2
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
  )))
  ORDER BY t."title", t."id"
  LIMIT k.n
) r;

-- courses.nodes.lessons: 6 rows
SELECT k.i, r."id", r."courseId", r."title", r."body"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId", t."title", t."body"
  FROM "Lesson" t
  WHERE t."courseId" = k.k1
  ORDER BY t."position", t."id"
  LIMIT k.n
) r;

-- courses.nodes.lessons.nodes.body: 4 rows
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
