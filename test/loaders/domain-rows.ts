import { createRandom, type Random } from '../../prisma/seed/random.ts'
import type { Queryable } from '../../src/sql/database.ts'
import { createStatement } from '../../src/sql/statements.ts'

export const words = ['SQL', 'sql basics', 'Über Maß', '100%', 'a_b', "O'Neill", ''] as const
export const instants = [
  '2026-01-01T00:00:00.000001Z',
  '2026-01-01T00:00:00.000002Z',
  '2026-01-01T01:00:00Z',
  '2025-06-01T12:00:00.5Z',
] as const

/** When everything is asked: some things end just then, some a microsecond later. */
export const askedAt = '2026-01-01T02:00:00Z'

const ends = [askedAt, '2026-01-01T02:00:00.000001Z', '2026-02-01T00:00:00Z'] as const

const tables = [
  ...['User', 'Profile', 'Subscription', 'UsageRecord', 'CreditEntry', 'BotSettings', 'Course'],
  ...['Lesson', 'Enrollment', 'Payment', 'Meeting', 'Attendee', 'CalendarEvent', 'Integration'],
  ...['AiProvider', 'AiModel', 'Conversation', 'Message'],
]

/** Replaces all rows of the domain by a small school with ties and NULLs in every order. */
export async function fillDomain(database: Queryable, seed: number, people: number): Promise<void> {
  const rows = drawSchool(createRandom(seed, 'school'), people)
  const names = tables.map((name) => `"${name}"`)
  await database.query(createStatement(`TRUNCATE ${names.join(', ')} CASCADE`), [])
  for (const [name, list] of Object.entries(rows)) {
    const stamped = list.map((row) => ({ createdAt: instants[0], updatedAt: instants[0], ...row }))
    await database.query(
      createStatement(
        `INSERT INTO "${name}" SELECT * FROM jsonb_populate_recordset(NULL::"${name}", $1::jsonb)`,
      ),
      [JSON.stringify(stamped)],
    )
  }
}

export function rowId(table: string, index: number): string {
  const prefix = String(tables.indexOf(table) + 10).padStart(8, '0')
  return `${prefix}-0000-7000-8000-${String(index * 7919).padStart(12, '0')}`
}

function drawSchool(random: Random, people: number) {
  const maybe = <T>(list: readonly T[]) => (random.chance(0.3) ? null : random.pick(list))
  const make = <T extends object>(table: string, count: number, row: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => ({ id: rowId(table, index), ...row(index) }))
  const at = () => random.pick(instants)

  const users = make('User', people, (index) => ({
    email: `person-${index}@example.org`,
    name: random.pick(words),
    role: index < 3 ? ['STUDENT', 'TEACHER', 'ADMIN'][index] : random.pick(['STUDENT', 'TEACHER']),
    timezone: 'UTC',
    avatarUrl: maybe(['a', 'b']),
    createdAt: at(),
  }))
  const anybody = () => random.pick(users).id
  const own = (table: string, probability: number, row: () => object) => {
    const owners = users.filter(() => random.chance(probability))
    return make(table, owners.length, (index) => ({ userId: owners[index]?.id, ...row() }))
  }
  const several = (table: string, count: number, row: () => object) =>
    make(table, count, () => ({ userId: anybody(), ...row() }))

  const courses = make('Course', people, (index) => ({
    teacherId: random.chance(0.5) ? rowId('User', 1) : anybody(),
    title: random.pick(words),
    slug: `course-${index}`,
    summary: random.pick(words),
    description: 'x',
    status: random.pick(['DRAFT', 'ACTIVE', 'ACTIVE', 'ARCHIVED']),
    priceCents: random.pick([0, 4900]),
    currency: random.pick(['EUR', 'USD']),
    publishedAt: maybe(instants),
  }))
  const seats = courses.flatMap(({ id: courseId }) =>
    users.filter(() => random.chance(0.3)).map(({ id: studentId }) => ({ courseId, studentId })),
  )
  const enrollments = make('Enrollment', seats.length, (index) => ({
    courseId: seats[index]?.courseId,
    studentId: seats[index]?.studentId,
    progress: random.pick([0, 0.25, 0.5, 1]),
    status: random.pick(['ACTIVE', 'COMPLETED', 'CANCELLED']),
    enrolledAt: at(),
  }))
  const paid = enrollments.filter(() => random.chance(0.6))
  const meetings = make('Meeting', people, () => ({
    hostId: anybody(),
    courseId: random.chance(0.5) ? random.pick(courses).id : null,
    title: random.pick(words),
    startsAt: at(),
    endsAt: random.pick(ends),
    status: random.pick(['SCHEDULED', 'LIVE', 'ENDED', 'CANCELLED']),
  }))
  const invited = meetings.flatMap(({ id: meetingId }) =>
    users.filter(() => random.chance(0.25)).map(({ id: userId }) => ({ meetingId, userId })),
  )
  const providers = make('AiProvider', 2, (index) => ({ name: `P${index}`, slug: `p${index}` }))
  const models = make('AiModel', 5, () => ({
    providerId: random.pick(providers).id,
    name: random.pick(words),
    contextWindow: 1,
    enabled: random.chance(0.5),
  }))
  const conversations = several('Conversation', people, () => ({
    modelId: random.pick(models).id,
    title: random.pick(words),
    lastMessageAt: at(),
  }))
  const lessons = courses.flatMap(({ id: courseId }) =>
    Array.from({ length: random.below(4) }, (_, position) => ({ courseId, position })),
  )
  return {
    User: users,
    Profile: own('Profile', 0.6, () => ({ headline: maybe(words), bio: null, website: null })),
    Subscription: own('Subscription', 0.6, () => ({
      plan: random.pick(['FREE', 'PRO']),
      status: 'ACTIVE',
      renewsAt: maybe(instants),
    })),
    UsageRecord: several('UsageRecord', people, () => ({
      metric: 'AI_TOKENS',
      quantity: 1,
      recordedAt: at(),
    })),
    CreditEntry: several('CreditEntry', people, () => ({
      amount: random.pick([-5, 5, 10]),
      reason: 'x',
      createdAt: at(),
    })),
    Course: courses,
    Lesson: make('Lesson', lessons.length, (index) => ({
      courseId: lessons[index]?.courseId,
      position: lessons[index]?.position,
      title: random.pick(words),
      body: 'x',
      durationMinutes: 5,
    })),
    Enrollment: enrollments,
    Payment: make('Payment', paid.length, (index) => ({
      enrollmentId: paid[index]?.id,
      studentId: paid[index]?.studentId,
      courseId: paid[index]?.courseId,
      amountCents: random.pick([100, 250]),
      currency: random.pick(['EUR', 'USD']),
      status: random.pick(['PENDING', 'COMPLETED']),
      paidAt: maybe(instants),
    })),
    Meeting: meetings,
    Attendee: make('Attendee', invited.length, (index) => ({
      meetingId: invited[index]?.meetingId,
      userId: invited[index]?.userId,
      response: random.pick(['INVITED', 'ACCEPTED']),
      createdAt: at(),
    })),
    CalendarEvent: several('CalendarEvent', people, () => ({
      meetingId: random.chance(0.5) ? random.pick(meetings).id : null,
      title: random.pick(words),
      startsAt: at(),
      endsAt: random.pick(ends),
    })),
    AiProvider: providers,
    AiModel: models,
    Conversation: conversations,
    Message: make('Message', people * 2, () => ({
      conversationId: random.pick(conversations).id,
      role: random.pick(['USER', 'ASSISTANT']),
      content: random.pick(words),
      tokenCount: 1,
      createdAt: at(),
    })),
  }
}
