import pg from 'pg'

/** How many rows there are at first, and about how many there stay: few, so that writers meet readers. */
const worldSize = {
  admins: 2,
  teachers: 4,
  students: 12,
  courses: 8,
  lessonsPerCourse: 3,
  enrollments: 36,
  meetings: 12,
  models: 4,
} as const

/** Fills an empty, migrated database; every text says whose it is and that it is version 0. */
export async function fillSmallWorld(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { admins, teachers, students, courses, lessonsPerCourse, meetings, models } = worldSize
  const people = admins + teachers + students
  await client.query(`
    BEGIN;
    SELECT set_config('checker.operation', 'seed', true);
    CREATE TEMP TABLE person ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id,
      (CASE WHEN n <= ${admins} THEN 'ADMIN' WHEN n <= ${admins + teachers} THEN 'TEACHER' ELSE 'STUDENT' END)::"Role" AS role
      FROM generate_series(1, ${people}) AS n;
    INSERT INTO "User" (id, email, name, role, "createdAt")
      SELECT id, 'p' || n || '@example.org', 'p' || n || 'v0', role, now() - interval '100 days' + n * interval '1 hour' FROM person;
    INSERT INTO "Profile" (id, "userId", headline) SELECT gen_random_uuid(), id, 'v0' FROM person WHERE n % 2 = 0;
    INSERT INTO "BotSettings" (id, "userId", language) SELECT gen_random_uuid(), id, 'en' FROM person WHERE n % 3 = 0;
    INSERT INTO "Subscription" (id, "userId") SELECT gen_random_uuid(), id FROM person WHERE n % 3 = 1;
    INSERT INTO "CreditEntry" (id, "userId", amount, reason)
      SELECT gen_random_uuid(), id, n * 10, 'seed' FROM person WHERE n % 4 <> 0;
    INSERT INTO "UsageRecord" (id, "userId", metric, quantity) SELECT gen_random_uuid(), id, 'AI_TOKENS', n FROM person WHERE n % 3 = 2;
    CREATE TEMP TABLE course ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id,
      (SELECT id FROM person WHERE person.n = ${admins} + 1 + (c.n % ${teachers})) AS "teacherId"
      FROM generate_series(1, ${courses}) AS c(n);
    INSERT INTO "Course" (id, "teacherId", title, slug, summary, description, status, "priceCents", "publishedAt")
      SELECT id, "teacherId", chr(96 + n) || 'c' || n || 'v0', 'c' || n, 'v0', '',
        (ARRAY['ACTIVE', 'ACTIVE', 'ARCHIVED', 'DRAFT'])[1 + n % 4]::"CourseStatus", n * 100,
        CASE WHEN n % 4 < 3 THEN now() - n * interval '1 day' END
      FROM course;
    INSERT INTO "Lesson" (id, "courseId", position, title, body)
      SELECT gen_random_uuid(), id, p, 'l' || n || 'x' || p || 'v0', 'v0' FROM course, generate_series(1, ${lessonsPerCourse}) AS p;
    INSERT INTO "Enrollment" (id, "courseId", "studentId", progress, status, "enrolledAt")
      SELECT gen_random_uuid(), c.id, s.id, ((c.n * 7 + s.n) % 10) / 10.0,
        (ARRAY['ACTIVE', 'ACTIVE', 'COMPLETED', 'CANCELLED'])[1 + (c.n + s.n) % 4]::"EnrollmentStatus",
        now() - (c.n * 100 + s.n) * interval '1 minute'
      FROM course AS c JOIN person AS s ON s.role = 'STUDENT' AND (c.n * 5 + s.n * 3) % 8 < 3;
    INSERT INTO "Payment" (id, "enrollmentId", "studentId", "courseId", "amountCents", status, "paidAt")
      SELECT gen_random_uuid(), id, "studentId", "courseId", 500, 'COMPLETED', now() - interval '40 days'
      FROM "Enrollment" WHERE status = 'COMPLETED';
    CREATE TEMP TABLE meeting ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id,
      (SELECT id FROM person WHERE person.n = ${admins} + 1 + (m.n * 5 % ${teachers + students})) AS "hostId"
      FROM generate_series(1, ${meetings}) AS m(n);
    INSERT INTO "Meeting" (id, "hostId", "courseId", title, "startsAt", "endsAt")
      SELECT m.id, "hostId", (SELECT c.id FROM course AS c WHERE c."teacherId" = m."hostId" LIMIT 1), 'm' || n || 'v0',
        now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour' FROM meeting AS m;
    INSERT INTO "Attendee" (id, "meetingId", "userId")
      SELECT gen_random_uuid(), m.id, p.id FROM meeting AS m JOIN person AS p ON p.id <> m."hostId" AND (p.n + m.n * 3) % 6 = 0;
    INSERT INTO "CalendarEvent" (id, "userId", "meetingId", title, "startsAt", "endsAt")
      SELECT gen_random_uuid(), m."hostId", m.id, m.title, m."startsAt", m."endsAt" FROM "Meeting" AS m;
    INSERT INTO "AiProvider" (id, name, slug) SELECT gen_random_uuid(), 'a' || n || 'v0', 'a' || n FROM generate_series(1, 2) AS n;
    INSERT INTO "AiModel" (id, "providerId", name, "contextWindow", enabled)
      SELECT gen_random_uuid(), (SELECT id FROM "AiProvider" WHERE slug = 'a' || (1 + n % 2)), 'm' || n || 'v0', 1000 * n, n % 3 > 0
      FROM generate_series(1, ${models}) AS n;
    COMMIT;`)
  await client.end()
}
