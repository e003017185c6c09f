-- courses: 1 row
SELECT k.i, r."id", r."title", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::uuid[])) AS k(i, n, p1)
CROSS JOIN LATERAL (
  SELECT t."id", t."title", t."status"
  FROM "Course" t
  WHERE t."status" = 'DRAFT'
    AND t."teacherId" = k.p1
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- courses.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, p1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."status" = 'DRAFT'
    AND t."teacherId" = k.p1
) r;
