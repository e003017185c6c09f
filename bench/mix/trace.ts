import { createRandom, shuffle, weighted, zipf } from './draw.ts'
import type { Population, Student, Teacher } from './population.ts'

/** One request of the mix. */
export interface Call {
  /** The operation's name in the SDK. */
  readonly operation: string
  readonly kind: 'query' | 'mutation'
  readonly variables: Readonly<Record<string, unknown>>
  /** The raw id of who asks; null for nobody. */
  readonly viewer: string | null
}

export interface MixOptions {
  readonly population: Population
  /** Of all calls, those that write. */
  readonly writeShare: number
  readonly seed: number
}

/** All screens of one trace look at the world from this moment, as clients that round to the hour do. */
const now = '2026-11-01T12:00:00.000000Z'

const fromThen = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString()

/**
 * The mix of reads and writes that stands for a day of the platform: who asks is drawn by Zipf
 * (s = 1.0) from those whom the operation is for, what about by Zipf (s = 1.1).
 */
export function createTrace({ population, writeShare, seed }: MixOptions): () => Call {
  const random = createRandom(seed)
  const { students, teachers, admins, colleagues } = population
  const anybody = shuffle([null, ...[...students, ...teachers, ...admins].map(idOf)], random)
  const signedIn = anybody.filter((id): id is string => id !== null)

  const drawCourse = zipf(population.courses, 1.1, random)
  const drawAnybody = zipf(anybody, 1, random)
  const drawSignedIn = zipf(signedIn, 1, random)
  const drawStudent = zipf<Student>(students, 1, random)
  const drawInvited = zipf(
    students.filter(({ invitations }) => invitations.length > 0),
    1,
    random,
  )
  const drawTeacher = zipf<Teacher>(teachers, 1, random)
  const pick = <T>(items: readonly T[]): T => {
    const picked = items[Math.floor(random() * items.length)]
    if (picked === undefined) throw new RangeError('There is nothing to pick from')
    return picked
  }

  const drawRead = weighted<() => Omit<Call, 'kind'>>(
    [
      [() => read('CoursePage', drawAnybody(), { slug: drawCourse().slug }), 25],
      [() => read('CourseList', drawAnybody(), {}), 20],
      [() => read('StudentDashboard', drawStudent().id, { now }), 20],
      [() => read('MeetingList', drawSignedIn(), {}), 15],
      [() => read('TeacherDashboard', drawTeacher().id, { now }), 5],
      [() => read('Leaderboard', drawAnybody(), { first: 20 }), 5],
      [() => read('AiModels', drawAnybody(), {}), 5],
      [() => read('ProfileSettings', drawSignedIn(), { since: now }), 5],
    ],
    random,
  )
  const drawWrite = weighted<() => Omit<Call, 'kind'>>(
    [
      [updateProgress, 40],
      [respondToMeeting, 20],
      [createMeeting, 15],
      [enroll, 10],
      [updateProfile, 10],
      [updateCourse, 5],
    ],
    random,
  )

  return () =>
    random() < writeShare
      ? { kind: 'mutation', ...drawWrite()() }
      : { kind: 'query', ...drawRead()() }

  function updateProgress() {
    const { id, enrollments } = drawStudent()
    const enrollmentId = toGlobalId('Enrollment', pick(enrollments))
    // Never 1: the enrollment would be COMPLETED, and its next progress refused.
    return write('UpdateProgress', id, { enrollmentId, progress: Math.floor(random() * 99) / 100 })
  }

  function respondToMeeting() {
    const { id, invitations } = drawInvited()
    const meetingId = toGlobalId('Meeting', pick(invitations))
    return write('RespondToMeeting', id, { meetingId, response: pick(['ACCEPTED', 'DECLINED']) })
  }

  function createMeeting() {
    const attendeeIds = shuffle(colleagues, random)
      .slice(0, 3)
      .map((id) => toGlobalId('User', id))
    const hours = 24 + Math.floor(random() * 1_000)
    return write('CreateMeeting', drawSignedIn(), {
      title: 'A meeting of the mix',
      startsAt: fromThen(hours),
      endsAt: fromThen(hours + 1),
      attendeeIds,
    })
  }

  function enroll() {
    const courseId = toGlobalId('Course', drawCourse().id)
    return write('Enroll', drawStudent().id, { courseId })
  }

  function updateProfile() {
    const headline = `Headline ${Math.floor(random() * 1e9)}`
    return write('UpdateProfile', drawSignedIn(), { headline })
  }

  function updateCourse() {
    const { id, courses } = drawTeacher()
    const summary = `Summary ${Math.floor(random() * 1e9)}`
    return write('UpdateCourse', id, { id: toGlobalId('Course', pick(courses)), summary })
  }
}

function read(operation: string, viewer: string | null, variables: Call['variables']) {
  return { operation, viewer, variables }
}

function write(operation: string, viewer: string, input: object) {
  return { operation, viewer, variables: { input } }
}

function idOf({ id }: { readonly id: string }): string {
  return id
}

/** As the server makes them. */
function toGlobalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64url')
}
