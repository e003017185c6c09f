-- viewer: 1 row
SELECT t."id", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.teacherDashboard.students: 4 rows
SELECT k.i, r."id", r."email", r."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."email", t."name"
  FROM "User" t
  WHERE EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."studentId" = t."id"
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
      AND EXISTS (
      SELECT 1
      FROM "Course" trr
      WHERE trr."id" = tr."courseId"
        AND trr."teacherId" = k.p1
    )
  )
  ORDER BY t."name", t."id"
  LIMIT k.n
) r;

-- viewer.teacherDashboard.courses: 4 rows
SELECT k.i, r."id", r."teacherId", r."title", r."status", r."currency"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId", t."title", t."status", t."currency"
  FROM "Course" t
  WHERE t."teacherId" = k.k1
  ORDER BY t."title", t."id"
  LIMIT k.n
) r;

-- viewer.teacherDashboard.upcomingMeetings: 2 rows
SELECT k.i, r."id", r."courseId", r."title", r_1."id", r_1."teacherId", r_1."title", r_1."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::timestamptz[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, p1, p2, p3)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId", t."title"
  FROM "Meeting" t
  WHERE t."endsAt" > k.p1
    AND t."status" IN ('SCHEDULED', 'LIVE')
    AND (t."id" IN (
    SELECT tu."id"
    FROM "Meeting" tu
    WHERE tu."hostId" = k.p2
    UNION SELECT tu."id"
    FROM "Meeting" tu
    WHERE EXISTS (
      SELECT 1
      FROM "Attendee" tur
      WHERE tur."meetingId" = tu."id"
        AND tur."userId" = k.p3
    )
  ))
  ORDER BY t."startsAt", t."id"
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = r."courseId"
  LIMIT 1
) r_1 ON TRUE;

-- viewer.teacherDashboard.courses.totalCount, viewer.teacherDashboard.activeCourseCount, viewer.teacherDashboard.enrollmentCount, viewer.teacherDashboard.revenueCents, viewer.teacherDashboard.dollars, viewer.teacherDashboard.studentCount: 6 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."teacherId" = k.k1
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."teacherId" = k.k1
    AND t."status" = 'ACTIVE'
) r
UNION ALL SELECT 2, k.i, r.f1
FROM unnest((SELECT $5::int4[]), (SELECT $6::uuid[])) AS k(i, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."status" IN ('ACTIVE', 'COMPLETED')
    AND EXISTS (
    SELECT 1
    FROM "Course" tr
    WHERE tr."id" = t."courseId"
      AND tr."teacherId" = k.p1
  )
) r
UNION ALL SELECT 3, k.i, r.f1
FROM unnest((SELECT $7::int4[]), (SELECT $8::bpchar[]), (SELECT $9::uuid[])) AS k(i, p1, p2)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(t."amountCents"), 0)::float8 AS f1
  FROM "Payment" t
  WHERE t."status" = 'COMPLETED'
    AND t."currency" = k.p1
    AND EXISTS (
    SELECT 1
    FROM "Course" tr
    WHERE tr."id" = t."courseId"
      AND tr."teacherId" = k.p2
  )
) r
UNION ALL SELECT 4, k.i, r.f1
FROM unnest((SELECT $10::int4[]), (SELECT $11::uuid[])) AS k(i, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "User" t
  WHERE EXISTS (
    SELECT 1
    FROM "Enrollment" tr
    WHERE tr."studentId" = t."id"
      AND tr."status" IN ('ACTIVE', 'COMPLETED')
      AND EXISTS (
      SELECT 1
      FROM "Course" trr
      WHERE trr."id" = tr."courseId"
        AND trr."teacherId" = k.p1
    )
  )
) r;

-- viewer.teacherDashboard.students.nodes.email: 4 rows
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

-- viewer.teacherDashboard.courses.nodes.enrollments: 6 rows
SELECT k.i, r."id", r."studentId", r."progress", r_1."id", r_1."email", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."studentId", t."progress"
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."email", j."name"
  FROM "User" j
  WHERE j."id" = r."studentId"
  LIMIT 1
) r_1 ON TRUE;

-- viewer.teacherDashboard.courses.nodes.stats.enrollmentCount, viewer.teacherDashboard.courses.nodes.stats.averageProgress, viewer.teacherDashboard.courses.nodes.stats.completionRate, viewer.teacherDashboard.courses.nodes.stats.revenueCents: 8 rows
SELECT 0, k.i, r.f1, r.f2, r.f3
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (avg(t."progress"))::float8 AS f1, (count(*))::float8 AS f2, (count(*) FILTER (WHERE t."status" = 'COMPLETED'))::float8 AS f3
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" IN ('ACTIVE', 'COMPLETED')
) r
UNION ALL SELECT 1, k.i, r.f1, NULL::float8, NULL::float8
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[]), (SELECT $5::bpchar[])) AS k(i, k1, p1)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(t."amountCents"), 0)::float8 AS f1
  FROM "Payment" t
  WHERE t."courseId" = k.k1
    AND t."status" = 'COMPLETED'
    AND t."currency" = k.p1
) r;

-- viewer.teacherDashboard.upcomingMeetings.nodes.attendees.totalCount: 2 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Attendee" t
  WHERE t."meetingId" = k.k1
) r;

-- viewer.teacherDashboard.courses.nodes.enrollments.nodes.student.email: 4 rows
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
