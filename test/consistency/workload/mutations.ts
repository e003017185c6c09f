import type { Row } from '../model/history.ts'
import { type Cast, globalIdOf } from './cast.ts'
import type { Random } from './random.ts'

/** A mutation and who calls it. */
export interface Write {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  /** The raw id of the one who calls. */
  readonly viewerId: string
}

/** What a mutation is given to choose from. */
export interface Draw {
  readonly cast: Cast
  readonly random: Random
  /** A number that no other write has, for texts. */
  readonly version: number
}

type DrawWrite = (draw: Draw) => Omit<Write, 'name'> | null

const isStudent = ({ role }: Row) => role === 'STUDENT'
const isAdmin = ({ role }: Row) => role === 'ADMIN'

/** The first part of a text stays, so that it says whose it is. */
function next(text: unknown, version: number): string {
  return `${String(text).replace(/v\d+$/, '')}v${version}`
}

/** One and the same admin may be demoted meanwhile: any that is one now. */
function byAdmin(draw: Draw, input: Write['input'] | null) {
  const admin = draw.cast.find(draw.random, 'User', isAdmin)
  return admin && input && { viewerId: String(admin.id), input }
}

function by(viewerId: unknown, input: Write['input']): Omit<Write, 'name'> {
  return { viewerId: String(viewerId), input }
}

/** A change of one row of a model, called by whom one of its columns names. */
function byOwner(
  model: string,
  column: string,
  input: (row: Row, draw: Draw) => Write['input'],
  fits?: (row: Row) => boolean,
): DrawWrite {
  return (draw) => {
    const row = draw.cast.find(draw.random, model, fits)
    return row && by(row[column], input(row, draw))
  }
}

function byTeacherOf(
  model: string,
  input: (row: Row, draw: Draw) => Write['input'] | null,
): DrawWrite {
  return (draw) => {
    const row = draw.cast.find(draw.random, model)
    const course = row && draw.cast.rows('Course', ({ id }) => id === row.courseId)[0]
    const given = row && course && input(row, draw)
    return given ? by(course.teacherId, given) : null
  }
}

function ofAnybody(input: (user: Row, draw: Draw) => Write['input']): DrawWrite {
  return (draw) => {
    const user = draw.cast.find(draw.random, 'User')
    return user && by(user.id, input(user, draw))
  }
}

const id = (model: string) => (row: Row) => ({ id: globalIdOf(model, row) })
const active = ({ status }: Row) => status === 'ACTIVE'
const open = ({ status }: Row) => status === 'SCHEDULED' || status === 'LIVE'
const progress = (random: Random) => (random.chance(0.15) ? 1 : random.below(100) / 100)

/** How many rows of a model there may be before no more are made. */
const roomFor = ({ cast }: Draw, model: string, most: number) => cast.rows(model).length < most

export const mutations: Readonly<Record<string, readonly [weight: number, DrawWrite]>> = {
  updateProfile: [
    5,
    ofAnybody(({ name }, { version, random }) => ({
      headline: `v${version}`,
      ...(random.chance(0.5) && { name: next(name, version) }),
    })),
  ],
  updateBotSettings: [
    2,
    ofAnybody((_user, { version }) => ({
      language: `e${version % 10}-DE`.replace(/\d/, 'n'),
      autoJoin: version % 2 === 0,
    })),
  ],
  changePlan: [
    1,
    ofAnybody((_user, { random }) => ({ plan: random.pick(['FREE', 'PRO', 'TEAM']) })),
  ],
  grantCredits: [
    4,
    (draw) => {
      const user = draw.cast.find(draw.random, 'User')
      if (!user || !roomFor(draw, 'CreditEntry', 60)) return null
      const amount = draw.version % 97 || 5
      return byAdmin(draw, { userId: globalIdOf('User', user), amount, reason: `v${draw.version}` })
    },
  ],
  updateCourse: [
    5,
    byOwner('Course', 'teacherId', (course, { version, random }) => ({
      id: globalIdOf('Course', course),
      title: `${random.pick([...'abcdefgh'])}${next(course.title, version).slice(1)}`,
      ...(random.chance(0.3) && { summary: `v${version}`, priceCents: version % 1000 }),
      ...(random.chance(0.1) && { slug: next(course.slug, version) }),
    })),
  ],
  createCourse: [
    1,
    (draw) => {
      const teacher = draw.cast.find(draw.random, 'User', ({ role }) => role === 'TEACHER')
      const slug = `c${draw.version}`
      if (!teacher || !roomFor(draw, 'Course', 14)) return null
      return by(teacher.id, { title: `z${slug}v0`, slug, summary: 'v0', description: '' })
    },
  ],
  publishCourse: [
    2,
    byOwner('Course', 'teacherId', id('Course'), ({ status }) => status === 'DRAFT'),
  ],
  archiveCourse: [1, byOwner('Course', 'teacherId', id('Course'), active)],
  addLesson: [
    1,
    (draw) => {
      const { version, random, cast } = draw
      const course = cast.find(random, 'Course')
      if (!course || !roomFor(draw, 'Lesson', 40)) return null
      const title = `l${version}v0`
      return by(course.teacherId, {
        ...{ courseId: globalIdOf('Course', course), title, body: 'v0' },
        ...(random.chance(0.5) && { position: 1 }),
      })
    },
  ],
  updateLesson: [
    2,
    byTeacherOf('Lesson', (lesson, { version }) => ({
      ...{
        id: globalIdOf('Lesson', lesson),
        title: next(lesson.title, version),
        body: `v${version}`,
      },
    })),
  ],
  reorderLessons: [
    1,
    byTeacherOf('Lesson', ({ courseId }, { cast, random }) => ({
      courseId: globalIdOf('Course', { id: courseId }),
      lessonIds: cast
        .rows('Lesson', (lesson) => lesson.courseId === courseId)
        .map((lesson) => ({ id: globalIdOf('Lesson', lesson), place: random.share() }))
        .sort((a, b) => a.place - b.place)
        .map((lesson) => lesson.id),
    })),
  ],
  deleteLesson: [1, byTeacherOf('Lesson', id('Lesson'))],
  enroll: [
    3,
    (draw) => {
      const { cast, random } = draw
      const student = cast.find(random, 'User', isStudent)
      const course = cast.find(random, 'Course', active)
      return student && course && by(student.id, { courseId: globalIdOf('Course', course) })
    },
  ],
  updateProgress: [
    8,
    byOwner(
      'Enrollment',
      'studentId',
      (row, { random }) => ({
        enrollmentId: globalIdOf('Enrollment', row),
        progress: progress(random),
      }),
      active,
    ),
  ],
  cancelEnrollment: [2, byOwner('Enrollment', 'studentId', id('Enrollment'), active)],
  bulkUpdateProgress: [
    1,
    byTeacherOf('Enrollment', ({ courseId }, { cast, random }) => {
      const rows = cast.rows('Enrollment', (row) => row.courseId === courseId && active(row))
      return rows.length === 0
        ? null
        : {
            rows: rows.map((row) => ({
              enrollmentId: globalIdOf('Enrollment', row),
              progress: progress(random),
            })),
          }
    }),
  ],
  recordPayment: [
    1,
    (draw) => {
      const enrollment = draw.cast.find(draw.random, 'Enrollment', active)
      if (!enrollment || !roomFor(draw, 'Payment', 40)) return null
      const enrollmentId = globalIdOf('Enrollment', enrollment)
      return byAdmin(draw, { enrollmentId, amountCents: 100 + (draw.version % 50) })
    },
  ],
  refundPayment: [
    1,
    (draw) => {
      const payment = draw.cast.find(draw.random, 'Payment', ({ status }) => status === 'COMPLETED')
      return byAdmin(draw, payment && { id: globalIdOf('Payment', payment) })
    },
  ],
  createMeeting: [
    2,
    (draw) => {
      const { cast, random, version } = draw
      const host = cast.find(random, 'User', ({ role }) => role !== 'STUDENT')
      const invited = cast.rows(
        'User',
        ({ id: userId }) => userId !== host?.id && random.chance(0.2),
      )
      if (!host || !roomFor(draw, 'Meeting', 24)) return null
      const courses = cast.rows('Course', ({ teacherId }) => teacherId === host.id)
      return by(host.id, {
        ...{ title: `m${version}v0`, attendeeIds: invited.map((user) => globalIdOf('User', user)) },
        ...startingIn(version),
        ...(courses[0] && random.chance(0.5) && { courseId: globalIdOf('Course', courses[0]) }),
      })
    },
  ],
  updateMeeting: [
    3,
    byOwner(
      'Meeting',
      'hostId',
      (meeting, { version, random }) => ({
        ...{ id: globalIdOf('Meeting', meeting), title: next(meeting.title, version) },
        ...(random.chance(0.5) && startingIn(version)),
      }),
      ({ status }) => status === 'SCHEDULED',
    ),
  ],
  cancelMeeting: [1, byOwner('Meeting', 'hostId', id('Meeting'), open)],
  respondToMeeting: [
    4,
    byOwner('Attendee', 'userId', ({ meetingId }, { random }) => ({
      meetingId: globalIdOf('Meeting', { id: meetingId }),
      response: random.pick(['ACCEPTED', 'DECLINED']),
    })),
  ],
  importStudents: [
    1,
    (draw) => {
      const { cast, random, version } = draw
      const course = cast.find(random, 'Course', active)
      if (!roomFor(draw, 'User', 28)) return null
      const rows = [0, 1, 2].map((n) => ({
        email: `i${version}x${n}@example.org`,
        name: `i${version}x${n}v0`,
      }))
      return byAdmin(draw, { rows, ...(course && { courseId: globalIdOf('Course', course) }) })
    },
  ],
  changeRole: [
    3,
    (draw) => {
      const user = draw.cast.find(
        draw.random,
        'User',
        ({ email }) => !String(email).startsWith('p1@'),
      )
      const role = draw.random.pick(['STUDENT', 'TEACHER', 'TEACHER', 'ADMIN'])
      return byAdmin(draw, user && { userId: globalIdOf('User', user), role })
    },
  ],
  deleteUser: [
    1,
    (draw) => {
      const user = draw.cast.find(draw.random, 'User', ({ email }) => String(email).startsWith('i'))
      return byAdmin(draw, user && { id: globalIdOf('User', user) })
    },
  ],
}

function startingIn(version: number) {
  const startsAt = new Date(Date.UTC(2027, 0, 1 + (version % 300), version % 24))
  const endsAt = new Date(startsAt.getTime() + 3_600_000)
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

/** What a client would show next; what the mutation did is asked of the database. */
const payloads: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['updateCourse', 'createCourse', 'publishCourse', 'archiveCourse', 'addLesson'].map((name) => [
      name,
      'course { id title status lessons(first: 50) { totalCount } }',
    ]),
  ),
  updateProfile: 'profile { id headline } user { id name }',
  updateProgress: 'enrollment { id progress status course { id } }',
  enroll: 'enrollment { id } course { id stats { enrollmentCount } }',
  cancelEnrollment: 'enrollment { id status course { id } student { id } }',
  createMeeting:
    'meeting { id title host { id } attendees(first: 20) { nodes { id user { id } } } }',
  respondToMeeting: 'attendee { id response } meeting { id }',
  changeRole: 'user { id role }',
  grantCredits: 'user { id creditBalance }',
}

export function documentOf(name: string): string {
  const type = name.replace(/^./, (letter) => letter.toUpperCase())
  const payload = payloads[name] ?? '__typename'
  return `mutation ${type}($input: ${type}Input!) { ${name}(input: $input) { ${payload} } }`
}
