-- draft, none: 1 row
SELECT t."id", t."teacherId", t."title", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- meeting: 1 row
SELECT t."id", t."hostId", t."courseId", t."title"
FROM "Meeting" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- user, user2: 2 rows
SELECT t."id", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- draft, none: 0 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::"CourseStatus"[]), (SELECT $5::uuid[]), (SELECT $6::uuid[])) AS k(i, "id", "teacherId", "status", p1, p2)
WHERE (k."status" = 'ACTIVE' OR k."teacherId" = k.p1 OR (k."status" = 'ARCHIVED' AND EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."courseId" = k."id"
    AND kr."studentId" = k.p2
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
)));

-- meeting: 0 rows
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, "id", "courseId", p1, p2)
WHERE (EXISTS (
  SELECT 1
  FROM "Attendee" kr
  WHERE kr."meetingId" = k."id"
    AND kr."userId" = k.p1
) OR EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."id" = k."courseId"
    AND kr."teacherId" = k.p2
));

-- user, user2: 1 row
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[]), (SELECT $6::uuid[]), (SELECT $7::uuid[]), (SELECT $8::uuid[]), (SELECT $9::uuid[])) AS k(i, "id", p1, p2, p3, p4, p5, p6, p7)
WHERE (EXISTS (
  SELECT 1
  FROM "Course" kr
  WHERE kr."teacherId" = k."id"
    AND kr."status" = 'ACTIVE'
) OR EXISTS (
  SELECT 1
  FROM "Enrollment" kr
  WHERE kr."studentId" = k."id"
    AND kr."status" IN ('ACTIVE', 'COMPLETED')
    AND EXISTS (
    SELECT 1
    FROM "Course" krr
    WHERE krr."id" = kr."courseId"
      AND krr."teacherId" = k.p1
  )
) OR EXISTS (
  SELECT 1
  FROM "Meeting" kr
  WHERE kr."hostId" = k."id"
    AND (kr."hostId" = k.p2 OR EXISTS (
    SELECT 1
    FROM "Attendee" krr
    WHERE krr."meetingId" = kr."id"
      AND krr."userId" = k.p3
  ) OR EXISTS (
    SELECT 1
    FROM "Course" krr
    WHERE krr."id" = kr."courseId"
      AND krr."teacherId" = k.p4
  ))
) OR EXISTS (
  SELECT 1
  FROM "Attendee" kr
  WHERE kr."userId" = k."id"
    AND EXISTS (
    SELECT 1
    FROM "Meeting" krr
    WHERE krr."id" = kr."meetingId"
      AND (krr."hostId" = k.p5 OR EXISTS (
      SELECT 1
      FROM "Attendee" krrr
      WHERE krrr."meetingId" = krr."id"
        AND krrr."userId" = k.p6
    ) OR EXISTS (
      SELECT 1
      FROM "Course" krrr
      WHERE krrr."id" = krr."courseId"
        AND krrr."teacherId" = k.p7
    ))
  )
));

-- user2.courses: 3 rows
SELECT k.i, r."id", r."title", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."title", t."status"
  FROM "Course" t
  WHERE t."teacherId" = k.k1
    AND (t."status" = 'ACTIVE' OR t."teacherId" = k.p1 OR (t."status" = 'ARCHIVED' AND EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."courseId" = t."id"
      AND tr."studentId" = k.p2
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
  )))
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- user2.courses.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."teacherId" = k.k1
    AND (t."status" = 'ACTIVE' OR t."teacherId" = k.p1 OR (t."status" = 'ARCHIVED' AND EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."courseId" = t."id"
      AND tr."studentId" = k.p2
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
  )))
) r;
