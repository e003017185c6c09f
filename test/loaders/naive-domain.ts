import { GraphQLError } from 'graphql'
import { askedAt } from './domain-rows.ts'
import { asc, desc, type NaiveTerm, paginate } from './naive-page.ts'
import {
  asNode,
  forbidden,
  type NaiveArguments,
  type NaiveField,
  type NaiveTypes,
} from './naive-schema.ts'
import { matching, type NaiveRow, type NaiveTable, text } from './naive-tables.ts'
import { micros, show, type ValueKind } from './naive-values.ts'

export interface DomainEnv {
  readonly tables: Readonly<Record<string, NaiveTable>>
  readonly viewer: { readonly id: string | null; readonly role: string }
  readonly rowOfCursor: (cursor: string) => NaiveRow
  readonly rowOfId: (id: string) => NaiveRow | null
}

const names = [
  ...['User', 'Profile', 'Subscription', 'UsageRecord', 'CreditEntry', 'Course', 'Lesson'],
  ...['Enrollment', 'Payment', 'Meeting', 'Attendee', 'CalendarEvent'],
  ...['AiProvider', 'AiModel', 'Conversation', 'Message'],
]

export const domainTables = Object.fromEntries(
  names.map((name) => [name, { sql: `"${name}"`, key: ['id'] }]),
)

export function domainId(row: NaiveRow): string {
  return Buffer.from(`${row.table.name}:${text(row, 'id')}`).toString('base64url')
}

type Rows = readonly NaiveRow[]
type Field = NaiveField<DomainEnv>
type May = (row: NaiveRow, env: DomainEnv) => boolean

function all({ tables }: DomainEnv, name: string): Rows {
  return tables[name]?.rows ?? []
}
function related(row: NaiveRow, env: DomainEnv, name: string, to: string, from: string): Rows {
  const table = env.tables[name]
  return table ? matching(table, row, { [to]: from }) : []
}
const many =
  (name: string, to: string) =>
  (row: NaiveRow, env: DomainEnv): Rows =>
    related(row, env, name, to, 'id')
const one =
  (name: string, from: string, to = 'id') =>
  (row: NaiveRow, env: DomainEnv): NaiveRow | null =>
    related(row, env, name, to, from)[0] ?? null

const enrollmentsOf = many('Enrollment', 'courseId')
const attendeesOf = many('Attendee', 'meetingId')
const courseOf = one('Course', 'courseId')
const meetingOf = one('Meeting', 'meetingId')
const userOf = one('User', 'userId')

// The permission table of the reference domain.
const isAdmin: May = (_row, { viewer }) => viewer.role === 'ADMIN'
const isMe = (id: string | null, { viewer }: DomainEnv) => id !== null && id === viewer.id
const isMine =
  (column: string): May =>
  (row, env) =>
    isMe(text(row, column), env)
const isEnrolled = (row: NaiveRow) => ['ACTIVE', 'COMPLETED'].includes(text(row, 'status') ?? '')
const teaches = (course: NaiveRow | null, env: DomainEnv) =>
  course !== null && isMe(text(course, 'teacherId'), env)
const studiesIn = (course: NaiveRow, env: DomainEnv) =>
  enrollmentsOf(course, env).some((row) => isMe(text(row, 'studentId'), env) && isEnrolled(row))
const isAnyOf =
  (...tests: readonly May[]): May =>
  (row, env) =>
    tests.some((test) => test(row, env))

const isActive: May = (course) => text(course, 'status') === 'ACTIVE'
const ownsCourse: May = isAnyOf(isAdmin, isMine('teacherId'))
const seesCourse: May = isAnyOf(
  isActive,
  ownsCourse,
  (course, env) => text(course, 'status') === 'ARCHIVED' && studiesIn(course, env),
)
const seesEnrollment: May = isAnyOf(isAdmin, isMine('studentId'), (row, env) =>
  teaches(courseOf(row, env), env),
)
const seesMeeting: May = isAnyOf(
  isAdmin,
  isMine('hostId'),
  (row, env) => attendeesOf(row, env).some((attendee) => isMe(text(attendee, 'userId'), env)),
  (row, env) => teaches(courseOf(row, env), env),
)
const isStudentOfMine: May = (user, env) =>
  related(user, env, 'Enrollment', 'studentId', 'id').some(
    (row) => isEnrolled(row) && teaches(courseOf(row, env), env),
  )
const meetingsOf = (user: NaiveRow, env: DomainEnv) =>
  all(env, 'Meeting').filter(
    (meeting) =>
      text(meeting, 'hostId') === text(user, 'id') ||
      attendeesOf(meeting, env).some((row) => text(row, 'userId') === text(user, 'id')),
  )
const isSelf: May = isAnyOf(isAdmin, isMine('id'))
const seesUser: May = isAnyOf(
  isSelf,
  (user, env) => related(user, env, 'Course', 'teacherId', 'id').some((row) => isActive(row, env)),
  isStudentOfMine,
  (user, env) => meetingsOf(user, env).some((row) => seesMeeting(row, env)),
)
const seesOwn: May = isAnyOf(isAdmin, isMine('userId'))
const seesAll: May = () => true
const through =
  (find: (row: NaiveRow, env: DomainEnv) => NaiveRow | null, sees: May): May =>
  (row, env) => {
    const found = find(row, env)
    return found !== null && sees(found, env)
  }
const conversationOf = one('Conversation', 'conversationId')

const sights: Readonly<Record<string, May>> = {
  User: seesUser,
  Profile: seesOwn,
  Subscription: seesOwn,
  UsageRecord: seesOwn,
  CreditEntry: seesOwn,
  Course: seesCourse,
  Lesson: through(courseOf, seesCourse),
  Enrollment: seesEnrollment,
  Payment: seesEnrollment,
  Meeting: seesMeeting,
  Attendee: through(meetingOf, seesMeeting),
  CalendarEvent: seesOwn,
  AiProvider: seesAll,
  AiModel: seesAll,
  Conversation: isMine('userId'),
  Message: through(conversationOf, isMine('userId')),
}
const sees = (row: NaiveRow, env: DomainEnv) => (sights[row.table.name] ?? seesAll)(row, env)

// Fields.
function columns(kinds: Readonly<Record<string, ValueKind>>): Readonly<Record<string, Field>> {
  const entries = Object.entries({ createdAt: 'timestamptz', updatedAt: 'timestamptz', ...kinds })
  return {
    id: (row) => domainId(row),
    ...Object.fromEntries(
      entries.map(([name, kind]): [string, Field] => [name, (row) => show(row, name, kind)]),
    ),
  }
}

/** Those of a list that the viewer sees; `inherited` shows all to whoever sees the list. */
function connect(
  rowsOf: (row: NaiveRow, env: DomainEnv, args: NaiveArguments) => Rows,
  orderOf: (args: NaiveArguments, env: DomainEnv) => readonly NaiveTerm[],
  inherited = false,
): Field {
  return (row, args, env) =>
    paginate(
      rowsOf(row, env, args).filter((other) => inherited || sees(other, env)),
      orderOf(args, env),
      args,
      env.rowOfCursor,
    )
}

function guard(may: May, field: Field): Field {
  return (row, args, env) => {
    if (!may(row, env)) throw forbidden()
    return field(row, args, env)
  }
}

const visible =
  (find: (row: NaiveRow, env: DomainEnv) => NaiveRow | null): Field =>
  (row, _args, env) => {
    const found = find(row, env)
    return found && sees(found, env) ? found : null
  }
const inherited =
  (find: (row: NaiveRow, env: DomainEnv) => NaiveRow | null): Field =>
  (row, _args, env) =>
    find(row, env)

const hasStatus = (rows: Rows, { status }: NaiveArguments) =>
  status == null ? rows : rows.filter((row) => text(row, 'status') === status)
const mean = (numbers: readonly number[]) =>
  numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length
const total = (rows: Rows, column: string) =>
  rows.reduce((sum, row) => sum + Number(text(row, column)), 0)
const creditsOf = many('CreditEntry', 'userId')

function courseOrder({ orderBy }: NaiveArguments, env: DomainEnv): readonly NaiveTerm[] {
  if (orderBy === 'TITLE') return [asc('title')]
  if (orderBy === 'MOST_ENROLLED') {
    return [desc((row) => enrollmentsOf(row, env).filter(isEnrolled).length)]
  }
  return [desc('publishedAt')]
}
const meetingOrder = ({ orderBy }: NaiveArguments) =>
  orderBy === 'LATEST' ? [desc('startsAt')] : [asc('startsAt')]

const isAfter = (row: NaiveRow, column: string, time: unknown) =>
  time == null || micros(text(row, column) ?? '') > micros(String(time))

function refused(): GraphQLError {
  return new GraphQLError('refused', { extensions: { code: 'BAD_USER_INPUT' } })
}

function byId(id: unknown, name: string, env: DomainEnv): NaiveRow | null {
  const typeName = Buffer.from(String(id), 'base64url').toString().split(':')[0]
  if (typeName !== name) throw refused()
  return env.rowOfId(String(id))
}
const found =
  (name: string): Field =>
  (_row, { id }, env) => {
    const row = byId(id, name, env)
    return row && sees(row, env) ? row : null
  }

function contains(row: NaiveRow, column: string, search: string): boolean {
  return (text(row, column) ?? '').toLowerCase().includes(search.toLowerCase())
}

function filterCourses(env: DomainEnv, { filter }: NaiveArguments): Rows {
  const { status, teacherId, search } = filter ?? {}
  const teacher = teacherId == null ? null : byId(teacherId, 'User', env)
  const wanted = (search ?? '').trim()
  return hasStatus(all(env, 'Course'), { status }).filter(
    (row) =>
      (teacherId == null || (teacher && text(row, 'teacherId') === text(teacher, 'id'))) &&
      (contains(row, 'title', wanted) || contains(row, 'summary', wanted)),
  )
}

const personal = (
  rowsOf: (row: NaiveRow, env: DomainEnv, args: NaiveArguments) => Rows,
  order: NaiveTerm,
) =>
  guard(
    isSelf,
    connect(rowsOf, () => [order], true),
  )

const upcoming = connect(
  (user, env, { from }) =>
    meetingsOf(user, env).filter(
      (row) =>
        isAfter(row, 'endsAt', from ?? askedAt) &&
        ['SCHEDULED', 'LIVE'].includes(text(row, 'status') ?? ''),
    ),
  () => [asc('startsAt')],
  true,
)
const studentsOf = (teacher: NaiveRow, env: DomainEnv) => {
  const courses = new Set(related(teacher, env, 'Course', 'teacherId', 'id'))
  return all(env, 'User').filter((user) =>
    related(user, env, 'Enrollment', 'studentId', 'id').some((row) => {
      const course = courseOf(row, env)
      return isEnrolled(row) && course !== null && courses.has(course)
    }),
  )
}
const enrolledIn = (course: NaiveRow, env: DomainEnv) =>
  enrollmentsOf(course, env).filter(isEnrolled)

/** The reference domain, answered row by row; fields that are not here are not asked for. */
export const naiveDomain: NaiveTypes<DomainEnv> = {
  User: {
    ...columns({ name: 'text', role: 'text', timezone: 'text', avatarUrl: 'text' }),
    email: guard(isAnyOf(isSelf, isStudentOfMine), (row) => text(row, 'email')),
    profile: guard(isSelf, inherited(one('Profile', 'id', 'userId'))),
    subscription: guard(isSelf, inherited(one('Subscription', 'id', 'userId'))),
    usage: personal(
      (row, env, { since }) =>
        related(row, env, 'UsageRecord', 'userId', 'id').filter(
          (use) => since == null || micros(text(use, 'recordedAt') ?? '') >= micros(since),
        ),
      desc('recordedAt'),
    ),
    creditBalance: guard(isSelf, (row, _args, env) => total(creditsOf(row, env), 'amount')),
    creditEntries: personal(creditsOf, desc('createdAt')),
    enrollments: connect(
      (row, env, args) => hasStatus(related(row, env, 'Enrollment', 'studentId', 'id'), args),
      () => [desc('enrolledAt')],
    ),
    courses: connect(
      (row, env, args) => hasStatus(related(row, env, 'Course', 'teacherId', 'id'), args),
      courseOrder,
    ),
    payments: connect(many('Payment', 'studentId'), () => [desc('paidAt')]),
    meetings: connect(meetingsOf, meetingOrder),
    calendarEvents: personal(
      (row, env, { from, to }) =>
        related(row, env, 'CalendarEvent', 'userId', 'id').filter(
          (event) =>
            isAfter(event, 'endsAt', from) &&
            (to == null || micros(text(event, 'startsAt') ?? '') < micros(to)),
        ),
      asc('startsAt'),
    ),
    conversations: guard(
      isMine('id'),
      connect(many('Conversation', 'userId'), () => [desc('lastMessageAt')], true),
    ),
    studentDashboard: guard(isSelf, (row) => row),
    teacherDashboard: guard(isSelf, (row) => row),
  },
  StudentDashboard: {
    activeEnrollments: connect(
      (row, env) =>
        hasStatus(related(row, env, 'Enrollment', 'studentId', 'id'), { status: 'ACTIVE' }),
      () => [desc('enrolledAt')],
      true,
    ),
    completedCount: (row, _args, env) =>
      hasStatus(related(row, env, 'Enrollment', 'studentId', 'id'), { status: 'COMPLETED' }).length,
    averageProgress: (row, _args, env) =>
      mean(
        related(row, env, 'Enrollment', 'studentId', 'id')
          .filter(isEnrolled)
          .map((other) => Number(text(other, 'progress'))),
      ),
    creditBalance: (row, _args, env) => total(creditsOf(row, env), 'amount'),
    upcomingMeetings: upcoming,
    nextCalendarEvents: connect(
      (row, env, { from }) =>
        related(row, env, 'CalendarEvent', 'userId', 'id').filter((event) =>
          isAfter(event, 'endsAt', from ?? askedAt),
        ),
      () => [asc('startsAt')],
      true,
    ),
  },
  TeacherDashboard: {
    courses: connect(
      (row, env, args) => hasStatus(related(row, env, 'Course', 'teacherId', 'id'), args),
      courseOrder,
      true,
    ),
    activeCourseCount: (row, _args, env) =>
      related(row, env, 'Course', 'teacherId', 'id').filter((course) => isActive(course, env))
        .length,
    students: connect(studentsOf, () => [asc('name')], true),
    studentCount: (row, _args, env) => studentsOf(row, env).length,
    enrollmentCount: (row, _args, env) =>
      related(row, env, 'Course', 'teacherId', 'id').flatMap((course) => enrolledIn(course, env))
        .length,
    upcomingMeetings: upcoming,
  },
  Course: {
    ...columns({
      title: 'text',
      slug: 'text',
      summary: 'text',
      description: 'text',
      status: 'text',
      priceCents: 'int',
      currency: 'text',
      publishedAt: 'timestamptz',
    }),
    teacher: inherited(one('User', 'teacherId')),
    lessons: connect(many('Lesson', 'courseId'), () => [asc('position')], true),
    enrollments: connect(
      (row, env, args) => hasStatus(enrollmentsOf(row, env), args),
      () => [desc('enrolledAt')],
    ),
    payments: connect(many('Payment', 'courseId'), () => [desc('paidAt')]),
    meetings: connect(many('Meeting', 'courseId'), meetingOrder),
    stats: (row) => row,
  },
  CourseStats: {
    enrollmentCount: guard(
      isAnyOf(isActive, ownsCourse),
      (row, _args, env) => enrolledIn(row, env).length,
    ),
    completionRate: guard(ownsCourse, (row, _args, env) =>
      mean(enrolledIn(row, env).map((other) => (text(other, 'status') === 'COMPLETED' ? 1 : 0))),
    ),
    averageProgress: guard(ownsCourse, (row, _args, env) =>
      mean(enrolledIn(row, env).map((other) => Number(text(other, 'progress')))),
    ),
    revenueCents: guard(ownsCourse, (row, _args, env) =>
      total(
        hasStatus(related(row, env, 'Payment', 'courseId', 'id'), { status: 'COMPLETED' }).filter(
          (payment) => text(payment, 'currency') === text(row, 'currency'),
        ),
        'amountCents',
      ),
    ),
  },
  Lesson: {
    ...columns({ position: 'int', title: 'text', durationMinutes: 'int' }),
    body: guard(
      isAnyOf(
        isAdmin,
        (row, env) => teaches(courseOf(row, env), env),
        through(courseOf, studiesIn),
      ),
      (row) => text(row, 'body'),
    ),
    course: inherited(courseOf),
  },
  Enrollment: {
    ...columns({ progress: 'float', status: 'text', enrolledAt: 'timestamptz' }),
    course: visible(courseOf),
    student: inherited(one('User', 'studentId')),
    payments: connect(many('Payment', 'enrollmentId'), () => [desc('paidAt')], true),
  },
  Payment: {
    ...columns({ amountCents: 'int', currency: 'text', status: 'text', paidAt: 'timestamptz' }),
    enrollment: inherited(one('Enrollment', 'enrollmentId')),
    student: inherited(one('User', 'studentId')),
    course: visible(courseOf),
  },
  Meeting: {
    ...columns({ title: 'text', startsAt: 'timestamptz', endsAt: 'timestamptz', status: 'text' }),
    host: inherited(one('User', 'hostId')),
    course: visible(courseOf),
    attendees: connect(
      (row, env, { response }) =>
        attendeesOf(row, env).filter(
          (other) => response == null || text(other, 'response') === response,
        ),
      () => [asc('createdAt')],
      true,
    ),
  },
  Attendee: {
    ...columns({ response: 'text' }),
    meeting: inherited(meetingOf),
    user: inherited(userOf),
  },
  CalendarEvent: {
    ...columns({ title: 'text', startsAt: 'timestamptz', endsAt: 'timestamptz' }),
    user: inherited(userOf),
    meeting: visible(meetingOf),
  },
  Profile: { ...columns({ headline: 'text', bio: 'text' }), user: inherited(userOf) },
  Subscription: {
    ...columns({ plan: 'text', status: 'text', renewsAt: 'timestamptz' }),
    user: inherited(userOf),
  },
  UsageRecord: { ...columns({ metric: 'text', quantity: 'int' }), user: inherited(userOf) },
  CreditEntry: { ...columns({ amount: 'int', reason: 'text' }), user: inherited(userOf) },
  AiProvider: {
    ...columns({ name: 'text', slug: 'text' }),
    models: connect(
      (row, env, { enabledOnly }) =>
        related(row, env, 'AiModel', 'providerId', 'id').filter(
          (model) => !enabledOnly || text(model, 'enabled') === 't',
        ),
      () => [asc('name')],
    ),
  },
  AiModel: {
    ...columns({ name: 'text', contextWindow: 'int', enabled: 'bool' }),
    provider: inherited(one('AiProvider', 'providerId')),
  },
  Conversation: {
    ...columns({ title: 'text', lastMessageAt: 'timestamptz' }),
    user: inherited(userOf),
    model: inherited(one('AiModel', 'modelId')),
    messages: connect(many('Message', 'conversationId'), () => [asc('createdAt')], true),
  },
  Message: {
    ...columns({ role: 'text', content: 'text', tokenCount: 'int' }),
    conversation: inherited(conversationOf),
  },
  LeaderboardEntry: {
    name: (row) => text(row, 'name'),
    credits: (row, _args, env) => total(creditsOf(row, env), 'amount'),
  },
  Query: {
    viewer: (_row, _args, env) =>
      all(env, 'User').find((user) => text(user, 'id') === env.viewer.id) ?? null,
    user: found('User'),
    meeting: found('Meeting'),
    conversation: found('Conversation'),
    course: (_row, { id, slug }, env) => {
      if ((id == null) === (slug == null)) throw refused()
      if (slug === '') throw refused()
      const row =
        id == null
          ? all(env, 'Course').find((course) => text(course, 'slug') === slug)
          : byId(id, 'Course', env)
      return row && sees(row, env) ? row : null
    },
    courses: connect((_row, env, args) => filterCourses(env, args), courseOrder),
    users: guard(
      isAdmin,
      connect(
        (_row, env, { filter }) =>
          all(env, 'User').filter((user) => {
            const search = (filter?.search ?? '').trim()
            return (
              (filter?.role == null || text(user, 'role') === filter.role) &&
              (contains(user, 'name', search) || contains(user, 'email', search))
            )
          }),
        ({ orderBy }) => [orderBy === 'NAME' ? asc('name') : desc('createdAt')],
      ),
    ),
    aiModels: connect(
      (_row, env, { enabledOnly }) =>
        all(env, 'AiModel').filter((model) => !enabledOnly || text(model, 'enabled') === 't'),
      () => [asc('name')],
    ),
    leaderboard: connect(
      (_row, env) => all(env, 'User').filter((user) => creditsOf(user, env).length > 0),
      (_args, env) => [desc((row) => total(creditsOf(row, env), 'amount')), asc('id')],
      true,
    ),
    node: (_row, { id }, env) => node(id, env),
    nodes: (_row, { ids }, env) => ids.map((id: string) => node(id, env)),
  },
}

function node(id: unknown, env: DomainEnv) {
  const row = env.rowOfId(String(id))
  return row && sees(row, env) ? asNode(row.table.name, row) : null
}
