-- course, other: 2 rows
SELECT t."id", t."teacherId", t."slug", t."status"
FROM "Course" t
WHERE t."slug" = ANY ((SELECT $1::text[])::text[]);

-- course.meetings: 1 row
SELECT k.i, r."id", r."hostId", r."title", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, k1)
CROSS JOIN LATERAL (
  SELECT t."id", t."hostId", t."title"
  FROM "Meeting" t
  WHERE t."courseId" = k.k1
  ORDER BY t."startsAt", t."id"
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."hostId"
  LIMIT 1
) r_1 ON TRUE;

-- other.meetings: 0 rows
SELECT k.i, r."id", r."title"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[]), (SELECT $4::uuid[]), (SELECT $5::uuid[])) AS k(i, n, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."title"
  FROM "Meeting" t
  WHERE t."courseId" = k.k1
    AND (t."hostId" = k.p1 OR EXISTS (
    SELECT 1
    FROM "Attendee" tr
    WHERE tr."meetingId" = t."id"
      AND tr."userId" = k.p2
  ))
  ORDER BY t."startsAt", t."id"
  LIMIT k.n
) r;

-- course.meetings.totalCount, other.meetings.totalCount: 2 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Meeting" t
  WHERE t."courseId" = k.k1
) r
UNION ALL SELECT 1, k.i, r.f1
FROM unnest((SELECT $3::int4[]), (SELECT $4::uuid[]), (SELECT $5::uuid[]), (SELECT $6::uuid[])) AS k(i, k1, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Meeting" t
  WHERE t."courseId" = k.k1
    AND (t."hostId" = k.p1 OR EXISTS (
    SELECT 1
    FROM "Attendee" tr
    WHERE tr."meetingId" = t."id"
      AND tr."userId" = k.p2
  ))
) r;
