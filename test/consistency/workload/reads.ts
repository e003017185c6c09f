import type { Row } from '../model/history.ts'
import type { Args } from '../model/lists.ts'
import { type Cast, globalIdOf } from './cast.ts'
import type { Random } from './random.ts'

/** A question, and what to put into it. */
export interface Read {
  readonly name: string
  readonly document: string
  readonly variables: Args
}

interface Question {
  readonly document: string
  /** Null: there is nothing to ask about. @default no variables */
  readonly variables?: (cast: Cast, random: Random) => Args | null
  /** How often it is asked beside the others. @default 1 */
  readonly weight?: number
}

/** What a screen's client calls "now": fixed, so that the question stays the same. */
const from = '2026-01-01T00:00:00.000000Z'

const anyOf =
  (model: string) =>
  (cast: Cast, random: Random): Args | null =>
    idOf(model, cast.find(random, model))

function idOf(model: string, row: Row | null): Args | null {
  return row && { id: globalIdOf(model, row) }
}

const questions: Readonly<Record<string, Question>> = {
  coursePage: {
    weight: 4,
    document: `query CoursePage($id: ID!) { course(id: $id) { id title summary status priceCents publishedAt
      teacher { id name } stats { enrollmentCount }
      lessons(first: 50) { totalCount nodes { id title position durationMinutes } }
      enrollments(first: 1) { nodes { id progress status } } } }`,
    variables: anyOf('Course'),
  },
  courseBySlug: {
    document: 'query BySlug($slug: String!) { course(slug: $slug) { id title slug status } }',
    variables: (cast, random) => {
      const course = cast.find(random, 'Course')
      return course && { slug: course.slug }
    },
  },
  courseTitle: {
    weight: 3,
    document: 'query Title($id: ID!) { course(id: $id) { id title teacher { id name } } }',
    variables: anyOf('Course'),
  },
  courseList: {
    weight: 3,
    document: `query CourseList($orderBy: CourseOrder!) { courses(first: 5, orderBy: $orderBy) { totalCount
      nodes { id title status publishedAt teacher { id name } } } }`,
    variables: (_cast, random) => ({ orderBy: random.pick(['NEWEST', 'TITLE', 'MOST_ENROLLED']) }),
  },
  allCourses: {
    document:
      'query AllCourses { courses(first: 100, orderBy: TITLE) { totalCount nodes { id title } } }',
  },
  coursesOfTeacher: {
    document: `query OfTeacher($id: ID!, $status: CourseStatus) { courses(first: 20, filter: { teacherId: $id, status: $status })
      { totalCount nodes { id status title } } }`,
    variables: (cast, random) => {
      const id = idOf(
        'User',
        cast.find(random, 'User', ({ role }) => role === 'TEACHER'),
      )
      return id && { ...id, status: random.pick(['ACTIVE', 'DRAFT', 'ARCHIVED', null]) }
    },
  },
  search: {
    document: `query Search($search: String!) { courses(first: 20, filter: { search: $search }) { totalCount nodes { id title summary } } }`,
    variables: (_cast, random) => ({ search: random.pick(['v1', 'a', '7', 'nobody has this']) }),
  },
  courseFigures: {
    weight: 2,
    document: `query Figures($id: ID!) { course(id: $id) { id stats { enrollmentCount averageProgress completionRate revenueCents } } }`,
    variables: anyOf('Course'),
  },
  courseStudents: {
    weight: 2,
    document: `query Students($id: ID!, $status: EnrollmentStatus) { course(id: $id) { id enrollments(first: 30, status: $status)
      { totalCount nodes { id progress status student { id name email } } } } }`,
    variables: (cast, random) => {
      const id = anyOf('Course')(cast, random)
      return id && { ...id, status: random.pick(['ACTIVE', 'COMPLETED', null]) }
    },
  },
  lessonBodies: {
    document: `query Bodies($id: ID!) { course(id: $id) { id lessons(first: 50) { nodes { id title body position course { id title } } } } }`,
    variables: anyOf('Course'),
  },
  courseMeetings: {
    document:
      'query CourseMeetings($id: ID!) { course(id: $id) { id meetings(first: 20) { totalCount nodes { id title host { id name } } } } }',
    variables: anyOf('Course'),
  },
  studentDashboard: {
    weight: 4,
    document: `query StudentDashboard($from: DateTime!) { viewer { id name studentDashboard {
      activeEnrollments(first: 10) { totalCount nodes { id progress course { id title status teacher { id name } } } }
      completedCount averageProgress creditBalance
      upcomingMeetings(first: 5, from: $from) { nodes { id title status startsAt } } } } }`,
    variables: () => ({ from }),
  },
  teacherDashboard: {
    weight: 2,
    document: `query TeacherDashboard($from: DateTime!) { viewer { id teacherDashboard { activeCourseCount enrollmentCount studentCount
      revenueCents courses(first: 10, orderBy: MOST_ENROLLED) { totalCount nodes { id title status stats { enrollmentCount averageProgress revenueCents } } }
      students(first: 30) { totalCount nodes { id name } }
      upcomingMeetings(first: 5, from: $from) { nodes { id title } } } } }`,
    variables: () => ({ from }),
  },
  adminDashboard: {
    document: `query AdminDashboard { viewer { id adminDashboard { newestUsers(first: 5) { totalCount nodes { id name role email } }
      newestCourses(first: 5) { totalCount nodes { id title status } }
      platform { usersByRole { role count } activeCourseCount enrollmentCount revenueByMonth { month revenueCents } } } } }`,
  },
  platform: {
    document:
      'query Platform { platformStats { usersByRole { role count } activeCourseCount enrollmentCount revenueByMonth { month revenueCents } } }',
  },
  users: {
    document: `query Users($role: Role, $search: String) { users(first: 10, orderBy: NAME, filter: { role: $role, search: $search })
      { totalCount nodes { id name email role } } }`,
    variables: (_cast, random) => ({
      role: random.pick(['STUDENT', 'TEACHER', null]),
      search: random.pick(['v1', null, null]),
    }),
  },
  myMeetings: {
    weight: 3,
    document: `query MyMeetings($orderBy: MeetingOrder!) { viewer { id meetings(first: 10, orderBy: $orderBy) { totalCount
      nodes { id title status startsAt course { id title } host { id name } } } } }`,
    variables: (_cast, random) => ({ orderBy: random.pick(['SOONEST', 'LATEST']) }),
  },
  meetingPage: {
    weight: 2,
    document: `query MeetingPage($id: ID!, $response: AttendeeResponse) { meeting(id: $id) { id title status startsAt endsAt host { id name }
      attendees(first: 20, response: $response) { totalCount nodes { id response user { id name } } } } }`,
    variables: (cast, random) => {
      const id = anyOf('Meeting')(cast, random)
      return id && { ...id, response: random.pick(['ACCEPTED', null]) }
    },
  },
  myEnrollments: {
    weight: 2,
    document: `query MyEnrollments { viewer { id enrollments(first: 30) { totalCount nodes { id status progress enrolledAt course { id title status } } } } }`,
  },
  settings: {
    weight: 2,
    document: `query Settings { viewer { id name email role timezone creditBalance profile { id headline bio }
      subscription { id plan status renewsAt } botSettings { id autoJoin language } } }`,
  },
  account: {
    document: `query Account { viewer { id creditEntries(first: 30) { totalCount nodes { id amount reason } }
      usage(first: 10) { totalCount nodes { id metric quantity } }
      calendarEvents(first: 20) { totalCount nodes { id title startsAt endsAt meeting { id title status } } } } }`,
  },
  person: {
    weight: 2,
    document: `query Person($id: ID!) { user(id: $id) { id name email role courses(first: 10) { totalCount nodes { id title } }
      enrollments(first: 20) { totalCount nodes { id status } } meetings(first: 10) { totalCount nodes { id title } } } }`,
    variables: anyOf('User'),
  },
  leaderboard: {
    weight: 2,
    document: 'query Leaderboard { leaderboard(first: 10) { nodes { rank name credits } } }',
  },
  models: {
    document: `query Models($enabledOnly: Boolean!) { aiModels(first: 20, enabledOnly: $enabledOnly) { totalCount nodes { id name enabled contextWindow provider { id name } } } }`,
    variables: (_cast, random) => ({ enabledOnly: random.chance(0.6) }),
  },
  node: {
    weight: 2,
    document: `query Node($id: ID!) { node(id: $id) { __typename id ... on Course { title status } ... on User { name role }
      ... on Lesson { title position } ... on Enrollment { progress enrollmentStatus: status } ... on Meeting { title meetingStatus: status }
      ... on Attendee { response } ... on Profile { headline } ... on CalendarEvent { title } ... on CreditEntry { amount }
      ... on AiModel { name enabled } } }`,
    variables: (cast, random) =>
      anyOf(
        random.pick(
          'Course User Lesson Enrollment Meeting Attendee Profile CalendarEvent CreditEntry AiModel'.split(
            ' ',
          ),
        ),
      )(cast, random),
  },
}

const names = Object.entries(questions).flatMap(([name, { weight = 1 }]) =>
  Array.from({ length: weight }, () => name),
)

const questionNames = Object.keys(questions)

/** One question of those that `only` names, or of all. */
export function drawRead(cast: Cast, random: Random, only?: readonly string[]): Read {
  for (;;) {
    const name = random.pick(only ?? names)
    const { document, variables = () => ({}) } = questions[name] ?? fail(name)
    const given = variables(cast, random)
    if (given) return { name, document, variables: given }
  }
}

function fail(name: string): never {
  throw new Error(`There is no question "${name}"; there are ${questionNames.join(', ')}`)
}
