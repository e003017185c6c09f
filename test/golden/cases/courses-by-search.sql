-- courses.totalCount: 1 row
SELECT k.i, r.f1
FROM unnest($1::int4[], $2::text[], $3::text[]) AS k(i, p1, p2)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Course" t
  WHERE (t."title" ILIKE k.p1 OR t."summary" ILIKE k.p2)
    AND t."status" = 'ACTIVE'
) r;

-- courses, other: 2 rows
SELECT k.i, r."id", r."title", r."summary"
FROM unnest($1::int4[], $2::int4[], $3::text[], $4::text[]) AS k(i, n, p1, p2)
CROSS JOIN LATERAL (
  SELECT t."id", t."title", t."summary"
  FROM "Course" t
  WHERE (t."title" ILIKE k.p1 OR t."summary" ILIKE k.p2)
    AND t."status" = 'ACTIVE'
  ORDER BY t."publishedAt" DESC, t."id" DESC
  LIMIT k.n
) r;

-- blank.totalCount: 1 row
SELECT k.i, r.f1
FROM unnest($1::int4[]) AS k(i)
CROSS JOIN LATERAL (
  SELECT (count(*))::int4 AS f1
  FROM "Course" t
  WHERE t."status" = 'ACTIVE'
) r;
