-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.meetings: 5 rows
SELECT k.i, r."id", r."hostId", r."courseId", r."title", r."startsAt", r."status", r_1."id", r_1."name", r_2."id", r_2."teacherId", r_2."title", r_2."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."hostId", t."courseId", t."title", t."startsAt", t."status"
  FROM "Meeting" t
  WHERE t."id" IN (
    SELECT tu."id"
    FROM "Meeting" tu
    WHERE tu."hostId" = k.p1
    UNION SELECT tu."id"
    FROM "Meeting" tu
    WHERE EXISTS (
      SELECT 1
      FROM "Attendee" tur
      WHERE tur."meetingId" = tu."id"
        AND tur."userId" = k.p2
    )
  )
  ORDER BY t."startsAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."hostId"
  LIMIT 1
) r_1 ON TRUE
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = r."courseId"
  LIMIT 1
) r_2 ON TRUE;

-- viewer.meetings.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[]), (SELECT $3::uuid[])) AS k(i, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Meeting" t
  WHERE t."id" IN (
    SELECT tu."id"
    FROM "Meeting" tu
    WHERE tu."hostId" = k.p1
    UNION SELECT tu."id"
    FROM "Meeting" tu
    WHERE EXISTS (
      SELECT 1
      FROM "Attendee" tur
      WHERE tur."meetingId" = tu."id"
        AND tur."userId" = k.p2
    )
  )
) r;

-- viewer.meetings.nodes.attendees: 4 rows
SELECT k.i, r."id", r."userId", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."userId"
  FROM "Attendee" t
  WHERE t."meetingId" = k.k1
    AND t."response" = 'ACCEPTED'
  ORDER BY t."createdAt", t."id"
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."userId"
  LIMIT 1
) r_1 ON TRUE;
