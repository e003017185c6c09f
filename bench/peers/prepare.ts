import type pg from 'pg'

/** What PostGraphile asks rows by many keys of: set-returning functions, its documented way. */
export async function prepareForPeers(client: pg.Client): Promise<void> {
  for (const [name, table] of [
    ['benchCourses', 'Course'],
    ['benchEnrollments', 'Enrollment'],
  ]) {
    await client.query(`CREATE OR REPLACE FUNCTION "${name}"(keys uuid[]) RETURNS SETOF "${table}"
      LANGUAGE sql STABLE AS $$ SELECT t.* FROM unnest(keys) WITH ORDINALITY AS k (key, place)
      JOIN "${table}" t ON t.id = k.key ORDER BY k.place $$`)
  }
}
