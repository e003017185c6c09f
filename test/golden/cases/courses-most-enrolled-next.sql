-- courses: 1 row
SELECT k.i, (EXISTS (
  SELECT 1
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
  WHERE (t.o1, t."id") > (k.a1, k.a2)
) OR EXISTS (
  SELECT 1
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
  WHERE t.o1 = k.a1
    AND t."id" = k.a2
)), r.is_row, r."id", r."teacherId", r."title", r."status"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::int8[]), (SELECT $4::uuid[])) AS k(i, n, a1, a2)
LEFT JOIN LATERAL (
  SELECT TRUE AS is_row, t."id", t."teacherId", t."title", t."status"
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
  WHERE (t.o1, t."id") < (k.a1, k.a2)
  ORDER BY t.o1 DESC, t."id" DESC
  LIMIT k.n
) r ON TRUE;

-- courses.nodes.stats.enrollmentCount: 1 row
SELECT 0, k.i, r.f1
FROM unnest((SELECT $1::int4[]), (SELECT $2::uuid[])) AS k(i, k1)
CROSS JOIN LATERAL (
  SELECT (count(*))::float8 AS f1
  FROM "Enrollment" t
  WHERE t."courseId" = k.k1
    AND t."status" IN ('ACTIVE', 'COMPLETED')
) r;
