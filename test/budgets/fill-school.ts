import type { Database } from '../../src/sql/database.ts'

export const people = {
  admin: '00000000-0000-7000-8000-00000000000a',
  teacher: '00000000-0000-7000-8000-00000000000b',
  student: '00000000-0000-7000-8000-00000000000c',
}
/** Of the student, with as many messages as there are of all else. */
export const conversationId = '00000000-0000-7000-8000-00000000000d'

/**
 * A teacher with `size` courses, a student enrolled in all of them, `size` others enrolled in each,
 * and `size` of everything else that a screen shows.
 */
export async function fillSchool(database: Database, size: number): Promise<void> {
  for (const [index, text] of statements(size).entries()) {
    await database.query({ name: `fill_${size}_${index}`, text }, [])
  }
}

function statements(size: number): readonly string[] {
  const { admin, teacher, student } = people
  const time = (n: string) => `'2026-01-01T00:00:00Z'::timestamptz + (${n}) * interval '1 hour'`
  return [
    `INSERT INTO "User" ("id", "email", "name", "role") VALUES
      ('${admin}', 'admin@school.example', 'Ada', 'ADMIN'),
      ('${teacher}', 'teacher@school.example', 'Tom', 'TEACHER'),
      ('${student}', 'student@school.example', 'Sam', 'STUDENT')`,
    `INSERT INTO "User" ("id", "email", "name") SELECT gen_random_uuid(), n || '@school.example', 'Person ' || n
      FROM generate_series(1, ${size}) n`,
    `INSERT INTO "Course" ("id", "teacherId", "title", "slug", "summary", "description", "status", "publishedAt")
      SELECT md5('course ' || n)::uuid, '${teacher}', 'Course ' || n, 'course-' || n, 'Short', 'Long', 'ACTIVE', ${time('n')}
      FROM generate_series(1, ${size}) n`,
    `INSERT INTO "Lesson" ("id", "courseId", "position", "title", "body")
      SELECT gen_random_uuid(), c."id", n, 'Lesson ' || n, 'Text' FROM "Course" c, generate_series(1, ${size}) n
      WHERE c."slug" = 'course-1'`,
    `INSERT INTO "Enrollment" ("id", "courseId", "studentId", "progress", "enrolledAt")
      SELECT md5(c."slug" || ' ' || u."email")::uuid, c."id", u."id", 0.5, c."publishedAt" FROM "Course" c, "User" u WHERE u."role" = 'STUDENT'`,
    `INSERT INTO "Payment" ("id", "enrollmentId", "studentId", "courseId", "amountCents", "status", "paidAt")
      SELECT gen_random_uuid(), e."id", e."studentId", e."courseId", 100, 'COMPLETED', e."enrolledAt" FROM "Enrollment" e`,
    `INSERT INTO "Meeting" ("id", "hostId", "courseId", "title", "startsAt", "endsAt")
      SELECT gen_random_uuid(), '${teacher}', (SELECT "id" FROM "Course" WHERE "slug" = 'course-' || n), 'Meeting ' || n, ${time('n')}, ${time('n + 1')}
      FROM generate_series(1, ${size}) n`,
    `INSERT INTO "Attendee" ("id", "meetingId", "userId")
      SELECT gen_random_uuid(), m."id", u."id" FROM "Meeting" m, "User" u WHERE u."role" = 'STUDENT'`,
    `INSERT INTO "CalendarEvent" ("id", "userId", "meetingId", "title", "startsAt", "endsAt")
      SELECT gen_random_uuid(), '${student}', m."id", m."title", m."startsAt", m."endsAt" FROM "Meeting" m`,
    `INSERT INTO "CreditEntry" ("id", "userId", "amount", "reason") SELECT gen_random_uuid(), "id", 10, 'Welcome' FROM "User"`,
    `INSERT INTO "AiProvider" ("id", "name", "slug") VALUES (gen_random_uuid(), 'Anvil', 'anvil')`,
    `INSERT INTO "AiModel" ("id", "providerId", "name", "contextWindow") SELECT gen_random_uuid(), "id", 'Model', 8192 FROM "AiProvider"`,
    `INSERT INTO "Conversation" ("id", "userId", "modelId", "title") SELECT '${conversationId}', '${student}', "id", 'Talk' FROM "AiModel"`,
    `INSERT INTO "Message" ("id", "conversationId", "role", "content", "createdAt")
      SELECT gen_random_uuid(), '${conversationId}', 'USER', 'Message ' || n, ${time('n')} FROM generate_series(1, ${size}) n`,
  ]
}
