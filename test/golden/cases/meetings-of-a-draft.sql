-- meeting: 1 row
SELECT t."id", t."hostId", t."courseId", t."title", t_1."id", t_1."teacherId", t_1."title", t_1."status", t_2."id", t_2."name"
FROM "Meeting" t
LEFT JOIN LATERAL (
  SELECT j."id", j."teacherId", j."title", j."status"
  FROM "Course" j
  WHERE j."id" = t."courseId"
  LIMIT 1
) t_1 ON TRUE
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = t."hostId"
  LIMIT 1
) t_2 ON TRUE
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- meeting: 1 row
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

-- meeting.attendees: 1 row
SELECT k.i, r."id", r."userId", r."response", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."userId", t."response"
  FROM "Attendee" t
  WHERE t."meetingId" = k.k1
  ORDER BY t."createdAt", t."id"
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."userId"
  LIMIT 1
) r_1 ON TRUE;
