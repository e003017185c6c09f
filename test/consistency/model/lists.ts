import type { Row } from './history.ts'
import { every, maybe, no, some, type Tri, whether, yes } from './kleene.ts'
import { isEnrolled, type Rule, visible } from './rules.ts'
import type { View } from './view.ts'

/** A list of rows: which may be in it, and by what they are ordered. */
export interface ListSpec {
  readonly model: string
  readonly ids: (view: View, parentId: string) => Iterable<string>
  /** What makes a row a member, beside being visible. */
  readonly where: (view: View, row: Row, parentId: string, args: Args) => Tri
  /** Whether all members are visible because the list is. */
  readonly inherits?: boolean
  readonly order: (args: Args) => Order
}

export type Args = Readonly<Record<string, unknown>>

export interface Order {
  readonly key: (view: View, row: Row) => KeyRange
  readonly isDescending?: boolean
}

export type Key = string | number | null

/** What a key may be, from least to most. */
export interface KeyRange {
  readonly least: Key
  readonly most: Key
}

export interface Member extends KeyRange {
  readonly id: string
  readonly isIn: Tri
}

export function membersOf(
  spec: ListSpec,
  view: View,
  { parentId, args }: { readonly parentId: string; readonly args: Args },
): readonly Member[] {
  const { key } = spec.order(args)
  const members: Member[] = []
  const isSeen: Rule = spec.inherits ? () => yes : (visible[spec.model] ?? (() => no))
  for (const id of new Set(spec.ids(view, parentId))) {
    let isIn: Tri | null = null
    let range: KeyRange | null = null
    for (const row of view.possible(spec.model, id)) {
      const found: Tri =
        row === null ? no : every(spec.where(view, row, parentId, args), () => isSeen(view, row))
      isIn = isIn === null || isIn === found ? found : maybe
      if (row !== null && found !== no) range = widen(range, key(view, row))
    }
    if (isIn && range) members.push({ id, isIn, ...range })
  }
  return members
}

function widen(range: KeyRange | null, other: KeyRange): KeyRange {
  if (range === null) return other
  return {
    least: compareKeys(other.least, range.least) < 0 ? other.least : range.least,
    most: compareKeys(other.most, range.most) > 0 ? other.most : range.most,
  }
}

/** As PostgreSQL orders ascending in the C locale: NULL comes last. */
export function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}

function by(column: string, isDescending = false): Order {
  return {
    key: (_view, row) => exactly(row[column] as Key), // a column that is text, a number or NULL
    isDescending,
  }
}

function exactly(key: Key): KeyRange {
  return { least: key, most: key }
}

const courseOrder = ({ orderBy }: Args): Order => {
  if (orderBy === 'TITLE') return by('title')
  if (orderBy === 'MOST_ENROLLED') return { key: enrollmentsOf, isDescending: true }
  return by('publishedAt', true)
}

const meetingOrder = ({ orderBy }: Args): Order => by('startsAt', orderBy === 'LATEST')

function enrollmentsOf(view: View, course: Row): KeyRange {
  let least = 0
  let most = 0
  for (const id of view.related('Enrollment', 'courseId', course.id)) {
    const found = view.one('Enrollment', id, (row) =>
      every(whether(row.courseId === course.id), () => isEnrolled(view, row)),
    )
    if (found !== no) most += 1
    if (found === yes) least += 1
  }
  return { least, most }
}

/** Children by their foreign key. */
function children(
  model: string,
  column: string,
  order: ListSpec['order'],
  more: Partial<ListSpec> = {},
): ListSpec {
  const { where = () => yes } = more
  return {
    ...{ model, order, inherits: false },
    ...more,
    ids: (view, parentId) => view.related(model, column, parentId),
    where: (view, row, parentId, args) =>
      every(whether(row[column] === parentId), () => where(view, row, parentId, args)),
  }
}

const withStatus: ListSpec['where'] = (_view, row, _parentId, { status }) =>
  whether(status === undefined || status === null || row.status === status)

const isParticipant: ListSpec['where'] = (view, { id, hostId }, userId) =>
  some(whether(hostId === userId), () =>
    view.some('Attendee', 'meetingId', id, (attendee) => whether(attendee.userId === userId)),
  )

function* meetingsOf(view: View, userId: string): Iterable<string> {
  yield* view.related('Meeting', 'hostId', userId)
  for (const id of view.related('Attendee', 'userId', userId)) {
    for (const attendee of view.possible('Attendee', id)) {
      if (attendee) yield String(attendee.meetingId)
    }
  }
}

const isOfTeacher = (view: View, userId: unknown, teacherId: string) =>
  view.some('Enrollment', 'studentId', userId, (enrollment) =>
    every(isEnrolled(view, enrollment), () =>
      view.one('Course', String(enrollment.courseId), (course) =>
        whether(course.teacherId === teacherId),
      ),
    ),
  )

const matches = (text: unknown, search: unknown) =>
  String(text).toLowerCase().includes(String(search).toLowerCase())

/** `Type.field`: the list that it gives. */
export const lists = {
  'Query.courses': {
    model: 'Course',
    ids: (view) => view.ids('Course'),
    where: (_view, course, _parentId, args) => {
      const { status, teacherId, search } = (args.filter ?? {}) as Args // as the documents say it
      return whether(
        (!status || course.status === status) &&
          (!teacherId || course.teacherId === rawId(teacherId)) &&
          (!search || matches(course.title, search) || matches(course.summary, search)),
      )
    },
    order: courseOrder,
  },
  'Query.users': {
    model: 'User',
    ids: (view) => view.ids('User'),
    where: (_view, user, _parentId, args) => {
      const { role, search } = (args.filter ?? {}) as Args // as the documents say it
      return whether(
        (!role || user.role === role) &&
          (!search || matches(user.name, search) || matches(user.email, search)),
      )
    },
    order: ({ orderBy }) => (orderBy === 'NAME' ? by('name') : by('createdAt', true)),
  },
  'Query.aiModels': {
    model: 'AiModel',
    ids: (view) => view.ids('AiModel'),
    where: (_view, { enabled }, _parentId, { enabledOnly = true }) =>
      whether(!enabledOnly || enabled === true),
    order: () => by('name'),
  },
  'AiProvider.models': children('AiModel', 'providerId', () => by('name'), {
    where: (_view, { enabled }, _parentId, { enabledOnly = true }) =>
      whether(!enabledOnly || enabled === true),
  }),
  'Course.lessons': children('Lesson', 'courseId', () => by('position'), { inherits: true }),
  'Course.enrollments': children('Enrollment', 'courseId', () => by('enrolledAt', true), {
    where: withStatus,
  }),
  'Course.meetings': children('Meeting', 'courseId', meetingOrder),
  'Meeting.attendees': children('Attendee', 'meetingId', () => by('createdAt'), {
    inherits: true,
    where: (_view, row, _parentId, { response }) => whether(!response || row.response === response),
  }),
  'User.enrollments': children('Enrollment', 'studentId', () => by('enrolledAt', true), {
    where: withStatus,
  }),
  'User.courses': children('Course', 'teacherId', courseOrder, { where: withStatus }),
  'User.creditEntries': children('CreditEntry', 'userId', () => by('createdAt', true), {
    inherits: true,
  }),
  'User.usage': children('UsageRecord', 'userId', () => by('recordedAt', true), { inherits: true }),
  'User.calendarEvents': children('CalendarEvent', 'userId', () => by('startsAt'), {
    inherits: true,
  }),
  'User.meetings': {
    ...{ model: 'Meeting', ids: meetingsOf, where: isParticipant, order: meetingOrder },
  },
  'StudentDashboard.activeEnrollments': children(
    'Enrollment',
    'studentId',
    () => by('enrolledAt', true),
    { inherits: true, where: (_view, { status }) => whether(status === 'ACTIVE') },
  ),
  'StudentDashboard.upcomingMeetings': upcoming(),
  'TeacherDashboard.upcomingMeetings': upcoming(),
  'TeacherDashboard.courses': children('Course', 'teacherId', courseOrder, {
    inherits: true,
    where: withStatus,
  }),
  'TeacherDashboard.students': {
    model: 'User',
    ids: (view) => view.ids('User'),
    where: (view, { id }, teacherId) => isOfTeacher(view, id, teacherId),
    inherits: true,
    order: () => by('name'),
  },
  'AdminDashboard.newestUsers': {
    ...{ model: 'User', inherits: true, ids: (view) => view.ids('User'), where: () => yes },
    order: () => by('createdAt', true),
  },
  'AdminDashboard.newestCourses': {
    ...{ model: 'Course', inherits: true, ids: (view) => view.ids('Course'), where: () => yes },
    order: () => by('publishedAt', true),
  },
} as const satisfies Readonly<Record<string, ListSpec>>

function upcoming(): ListSpec {
  return {
    ...{ model: 'Meeting', ids: meetingsOf, inherits: true, order: () => by('startsAt') },
    where: (view, meeting, userId, args) =>
      every(
        whether(meeting.status === 'SCHEDULED' || meeting.status === 'LIVE'),
        whether(String(meeting.endsAt) > String(args.from)),
        () => isParticipant(view, meeting, userId, args),
      ),
  }
}

/** The raw id in a global one; '' in what is none. */
export function rawId(globalId: unknown): string {
  return Buffer.from(String(globalId), 'base64url').toString('utf8').split(':')[1] ?? ''
}
