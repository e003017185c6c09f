-- viewer: 1 row
SELECT t."id"
FROM "User" t
WHERE t."id" = ANY ((SELECT $1::uuid[])::uuid[]);

-- viewer.adminDashboard.platform.usersByRole: 3 rows
SELECT t."role"::text, count(*)::int4, (0)::float8
FROM "User" t
WHERE TRUE
GROUP BY 1
ORDER BY 1;

-- viewer.adminDashboard.platform.activeCourseCount: 3 rows
SELECT t."status"::text, count(*)::int4, (0)::float8
FROM "Course" t
WHERE TRUE
GROUP BY 1
ORDER BY 1;

-- viewer.adminDashboard.platform.enrollmentCount: 3 rows
SELECT t."status"::text, count(*)::int4, (0)::float8
FROM "Enrollment" t
WHERE TRUE
GROUP BY 1
ORDER BY 1;

-- viewer.adminDashboard.platform.revenueByMonth: 2 rows
SELECT to_char(t."paidAt", 'YYYY-MM'), count(*)::int4, (coalesce(sum(t."amountCents"), 0))::float8
FROM "Payment" t, (SELECT $1::bpchar AS p1) k
WHERE t."status" = 'COMPLETED'
  AND t."currency" = k.p1
  AND t."paidAt" IS NOT NULL
GROUP BY 1
ORDER BY 1;

-- viewer.adminDashboard.newestUsers: 4 rows
SELECT k.i, r."id", r."email", r."name", r."role", r."createdAt"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."email", t."name", t."role", t."createdAt"
  FROM "User" t
  ORDER BY t."createdAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- viewer.adminDashboard.newestCourses: 4 rows
SELECT k.i, r."id", r."teacherId", r."title", r."publishedAt", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t."id", t."teacherId", t."title", t."publishedAt"
  FROM "Course" t
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."teacherId"
  LIMIT 1
) r_1 ON TRUE;
