-- mine, other, colleague: 3 rows
SELECT t."id", t."email", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- mine, other, colleague: 2 rows
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

-- mine.email, colleague.email: 1 row
SELECT k.i
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, "id", p1)
WHERE EXISTS (
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
);
