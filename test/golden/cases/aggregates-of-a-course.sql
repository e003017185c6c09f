-- courses: 7 rows
SELECT k.i, r."id", r."teacherId", r."title", r."status", r."currency"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId", t."title", t."status", t."currency"
  FROM "Course" t
  ORDER BY t."title", t."id"
  LIMIT k.n
) r;

-- courses.nodes.stats.enrollmentCount, courses.nodes.stats.completionRate, courses.nodes.stats.averageProgress, courses.nodes.stats.revenueCents: 14 rows
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
