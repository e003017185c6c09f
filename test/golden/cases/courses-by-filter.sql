-- courses.totalCount: 1 row
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::uuid[]) AS k(i, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Course" t
  WHERE t."status" = 'DRAFT'
    AND t."teacherId" = k.p1
) r;

-- courses: 1 row
SELECT k.i, r."id", r."title", r."status"
FROM unnest($1::int4[], $2::int4[], $3::uuid[]) AS k(i, n, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."title", t."status"
  FROM "Course" t
  WHERE t."status" = 'DRAFT'
    AND t."teacherId" = k.p1
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;
