-- courses: 4 rows
SELECT k.i, r.c1, r.c2, r."id", r."teacherId", r."title", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[])) AS k(i, n)
CROSS JOIN LATERAL (
  SELECT t.o1 AS c1, t."id" AS c2, t."id", t."teacherId", t."title", t."status"
  FROM (
    SELECT t.*, coalesce(g1.figure, 0) AS o1
    FROM "Course" t
    LEFT JOIN (
      SELECT f."courseId" AS k1, count(*) AS figure
      FROM "Enrollment" f
      WHERE f."status" IN ('ACTIVE', 'COMPLETED')
      GROUP BY f."courseId"
    ) g1 ON g1.k1 = t."id"
    WHERE t."status" = 'ACTIVE'
  ) t
  ORDER BY t.o1 DESC, t."id" DESC
  LIMIT k.n
) r;

-- courses.edges.node.stats.enrollmentCount: 3 rows
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" IN ('ACTIVE', 'COMPLETED')
) r;
