-- viewer: 1 row
SELECT t."id", t."name"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.studentDashboard.activeEnrollments: 2 rows
SELECT k.i, r."id", r."courseId", r."progress", r_1."id", r_1."teacherId", r_1."title", r_1."status", r_1_1."id", r_1_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."courseId", t."progress"
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
    AND t."status" = 'ACTIVE'
  ORDER BY t."enrolledAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = r."courseId"
  LIMIT 1
) r_1 ON TRUE
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r_1."teacherId"
  LIMIT 1
) r_1_1 ON TRUE;

-- viewer.studentDashboard.upcomingMeetings: 3 rows
SELECT k.i, r."id", r."hostId", r."title", r."startsAt", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::timestamptz[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, p1, p2, p3)
CROSS JOIN LATERAL (
  SELECT t."id", t."hostId", t."title", t."startsAt"
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
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."hostId"
  LIMIT 1
) r_1 ON TRUE;

-- viewer.studentDashboard.nextCalendarEvents: 3 rows
SELECT k.i, r."id", r."title", r."startsAt"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::timestamptz[])) AS k(i, n, k1, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."title", t."startsAt"
  FROM "CalendarEvent" t
  WHERE t."userId" = k.k1
    AND t."endsAt" > k.p1
  ORDER BY t."startsAt", t."id"
  LIMIT k.n
) r;

-- viewer.studentDashboard.creditBalance, viewer.studentDashboard.activeEnrollments.totalCount, viewer.studentDashboard.completedCount, viewer.studentDashboard.averageProgress: 4 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(t."amount"), 0)::float8 AS f1
  FROM "CreditEntry" t
  WHERE t."userId" = k.k1
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
    AND t."status" = 'ACTIVE'
) r
UNION ALL SELECT 2, k.i, r.f1
FROM unnest((SELECT $5::int4[]), (SELECT $6::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
    AND t."status" = 'COMPLETED'
) r
UNION ALL SELECT 3, k.i, r.f1
FROM unnest((SELECT $7::int4[]), (SELECT $8::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (avg(t."progress"))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."studentId" = k.k1
    AND t."status" IN ('ACTIVE', 'COMPLETED')
) r;
