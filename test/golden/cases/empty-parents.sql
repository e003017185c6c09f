-- courses: 0 rows
SELECT k.i, r.c1, r.c2, r."id", r."teacherId", r."title", r_1."id", r_1."name"
FROM unnest((SELECT $1::int4[]), (SELECT $2::int4[]), (SELECT $3::text[]), (SELECT $4::text[])) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."publishedAt" AS c1, t."id" AS c2, t."id", t."teacherId", t."title"
  FROM "Course" t
  WHERE (t."title" ILIKE k.p1 OR t."summary" ILIKE k.p2)
    AND t."status" = 'ACTIVE'
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r
LEFT JOIN LATERAL (
  SELECT j."id", j."name"
  FROM "User" j
  WHERE j."id" = r."teacherId"
  LIMIT 1
) r_1 ON TRUE;
