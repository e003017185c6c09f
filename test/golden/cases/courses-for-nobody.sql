-- courses: 4 rows
SELECT k.i, r."id", r."teacherId", r."title", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId", t."title"
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."teacherId"
  LIMIT 1
) r_1 ON TRUE;

-- courses.totalCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[])) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
) r;
