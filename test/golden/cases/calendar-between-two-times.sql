-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.calendarEvents: 2 rows
SELECT k.i, r.c1, r.c2, r."id", r."meetingId", r."title", r."startsAt", r_1."id", r_1."hostId", r_1."courseId", r_1."title"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::timestamptz[]), (SELECT $5::timestamptz[])) AS k(i, n, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."startsAt" AS c1, t."id" AS c2, t."id", t."meetingId", t."title", t."startsAt"
  FROM "CalendarEvent" t
  WHERE t."userId" = k.k1
    AND t."endsAt" > k.p1
    AND t."startsAt" < k.p2
  ORDER BY t."startsAt", t."id"
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."hostId", j."courseId", j."title"
  FROM "Meeting" j
  WHERE j."id" = r."meetingId"
  LIMIT 1
) r_1 ON TRUE;

-- viewer.calendarEvents.edges.node.meeting: 2 rows
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
