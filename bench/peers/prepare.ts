import type pg from 'pg'

/**
 * Functions of the database for PostGraphile, its documented way to what tables alone cannot tell: rows
 * by many keys, and figures and lists of a student.
 */
export async function prepareForPeers(client: pg.Client): Promise<void> {
  for (const [name, table] of [
    ['benchCourses', 'Course'],
    ['benchEnrollments', 'Enrollment'],
  ]) {
    await client.query(`CREATE OR REPLACE FUNCTION "${name}"(keys uuid[]) RETURNS SETOF "${table}"
      LANGUAGE sql STABLE AS $$ SELECT t.* FROM unnest(keys) WITH ORDINALITY AS k (key, place)
      JOIN "${table}" t ON t.id = k.key ORDER BY k.place $$`)
  }
  const ofStudent = (name: string, args: string, returns: string, text: string) =>
    client.query(`CREATE OR REPLACE FUNCTION "User_${name}"(student "User"${args}) RETURNS ${returns}
      LANGUAGE sql STABLE AS $$ ${text} $$`)
  await ofStudent(
    'benchAverageProgress',
    '',
    'float8',
    `SELECT avg(progress) FROM "Enrollment" WHERE "studentId" = student.id AND status IN ('ACTIVE', 'COMPLETED')`,
  )
  await ofStudent(
    'benchCreditBalance',
    '',
    'bigint',
    `SELECT coalesce(sum(amount), 0) FROM "CreditEntry" WHERE "userId" = student.id`,
  )
  await ofStudent(
    'benchUpcomingMeetings',
    ', since timestamptz',
    'SETOF "Meeting"',
    `SELECT m.* FROM "Meeting" m WHERE m."endsAt" > since AND m.status IN ('SCHEDULED', 'LIVE')
      AND m.id IN (SELECT h.id FROM "Meeting" h WHERE h."hostId" = student.id
        UNION SELECT a."meetingId" FROM "Attendee" a WHERE a."userId" = student.id)
      ORDER BY m."startsAt", m.id`,
  )
  await ofStudent(
    'benchNextEvents',
    ', since timestamptz',
    'SETOF "CalendarEvent"',
    `SELECT * FROM "CalendarEvent" WHERE "userId" = student.id AND "endsAt" > since ORDER BY "startsAt", id`,
  )
}
