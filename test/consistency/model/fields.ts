import { countOf, type Possible, type Rows, sumsOf } from './figures.ts'
import type { Row } from './history.ts'
import { every, no, some, whether, yes } from './kleene.ts'
import { type Args, type ListSpec, lists, rawId } from './lists.ts'
import { guards, isEnrolled, type Rule, visible } from './rules.ts'
import type { View } from './view.ts'

/** What a field answers, as far as the states that are possible decide it. */
export type FieldSpec = { readonly guard?: Rule } & (
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'one'; readonly model: string | null; readonly targets: FindTargets }
  | { readonly kind: 'list'; readonly list: ListSpec }
  /** The one member of a list, or null. */
  | { readonly kind: 'only'; readonly list: ListSpec }
  /** Another type's fields of the same row. */
  | { readonly kind: 'view'; readonly type: string }
  | { readonly kind: 'figure'; readonly possible: (subject: Subject) => Possible }
  | { readonly kind: 'figures'; readonly possible: (subject: Subject) => NamedFigures }
  | { readonly kind: 'leaderboard' }
)

export interface Subject {
  readonly view: View
  /** The raw id of the row whose field it is. */
  readonly id: string
  readonly args: Args
}

/** The rows that may be meant, null for none; each if its rule may hold. */
export type FindTargets = (subject: Subject, row: Row) => Target
export interface Target {
  readonly id: string | null
  readonly isVisible: boolean | 'ask'
}

/** A list of figures, each with a name of its own in the answer; one that may be 0 may be absent. */
export interface NamedFigures {
  readonly nameField: string
  readonly valueField: string
  readonly figures: ReadonlyMap<string, Possible>
}

const models = {
  User: 'email name role timezone avatarUrl createdAt updatedAt',
  Profile: 'headline bio website createdAt updatedAt',
  Subscription: 'plan status renewsAt createdAt updatedAt',
  BotSettings: 'autoJoin recordingEnabled language createdAt updatedAt',
  UsageRecord: 'metric quantity recordedAt createdAt updatedAt',
  CreditEntry: 'amount reason createdAt updatedAt',
  Course:
    'title slug summary description status priceCents currency publishedAt createdAt updatedAt',
  Lesson: 'position title body durationMinutes createdAt updatedAt',
  Enrollment: 'progress status enrolledAt createdAt updatedAt',
  Meeting: 'title startsAt endsAt status createdAt updatedAt',
  Attendee: 'response createdAt updatedAt',
  CalendarEvent: 'title startsAt endsAt createdAt updatedAt',
  AiModel: 'name contextWindow enabled createdAt updatedAt',
  AiProvider: 'name slug createdAt updatedAt',
}

/** A row that this one names in a column. */
function parent(model: string, column: string, inherits = true): FieldSpec {
  return {
    ...{ kind: 'one', model },
    targets: (_subject, row) => {
      const id = row[column]
      return { id: typeof id === 'string' ? id : null, isVisible: inherits || 'ask' }
    },
  }
}

/** The one row that names this one in its `userId`; it is seen by whoever passes the guard. */
function ownedBy(model: string): FieldSpec {
  return { kind: 'only', guard: guards.selfOrAdmin, list: { ...ofUser(model), order: byNothing } }
}

function ofUser(model: string) {
  return {
    model,
    ids: (view: View, userId: string) => view.related(model, 'userId', userId),
    where: (_view: View, row: Row, userId: string) => whether(row.userId === userId),
    inherits: true,
  }
}

const byNothing = () => ({ key: () => ({ least: null, most: null }) })

function figure(possible: (subject: Subject) => Possible, guard?: Rule): FieldSpec {
  return { kind: 'figure', possible, ...(guard && { guard }) }
}

const view = (type: string, guard?: Rule): FieldSpec => ({
  ...{ kind: 'view', type },
  ...(guard && { guard }),
})

function enrolledIn({ view, id }: Subject): Rows {
  return {
    ...{ model: 'Enrollment', ids: view.related('Enrollment', 'courseId', id) },
    where: (row) => every(whether(row.courseId === id), () => isEnrolled(view, row)),
  }
}

function enrollmentsOf({ view, id }: Subject, isCounted: (row: Row) => boolean): Rows {
  return {
    ...{ model: 'Enrollment', ids: view.related('Enrollment', 'studentId', id) },
    where: (row) => whether(row.studentId === id && isCounted(row)),
  }
}

const mean = ([sum = 0, count = 0]: readonly number[]) => (count === 0 ? null : sum / count)
const total = ([sum = 0]: readonly number[]) => sum
const progress = (row: Row) => [Number(row.progress), 1]

function creditsOf({ view, id }: Subject): Possible {
  const rows = ofUser('CreditEntry')
  return sumsOf(
    view,
    { model: rows.model, ids: rows.ids(view, id), where: ({ userId }) => whether(userId === id) },
    { terms: ({ amount }) => [Number(amount)], figure: total },
  )
}

function revenueOf(subject: Subject, isCounted: Rows['where'], ids: Iterable<string>): Possible {
  const rows = { model: 'Payment', ids, where: isCounted }
  const terms = ({ amountCents }: Row) => [Number(amountCents)]
  return sumsOf(subject.view, rows, { terms, figure: total })
}

const isTaughtBy = (view: View, courseId: unknown, teacherId: string) =>
  view.one('Course', String(courseId), (course) => whether(course.teacherId === teacherId))

const isCompleted = ({ status, currency }: Row) =>
  whether(status === 'COMPLETED' && currency === 'EUR')

/** `Type.field` for all that documents of the checker ask for. */
export const fields: Readonly<Record<string, FieldSpec>> = {
  ...Object.fromEntries(
    Object.entries(models).flatMap(([model, columns]) =>
      columns.split(' ').map((column) => [`${model}.${column}`, { kind: 'column', column }]),
    ),
  ),
  'User.email': { kind: 'column', column: 'email', guard: guards.selfAdminOrTeacher },
  'Lesson.body': { kind: 'column', column: 'body', guard: guards.lessonBody },
  ...Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, { kind: 'list', list }]),
  ),
  'Query.users': { kind: 'list', list: lists['Query.users'], guard: guards.admin },
  ...Object.fromEntries(
    (['creditEntries', 'usage', 'calendarEvents'] as const).map((name) => [
      `User.${name}`,
      { kind: 'list', list: lists[`User.${name}`], guard: guards.selfOrAdmin },
    ]),
  ),
  'Query.viewer': {
    ...{ kind: 'one', model: 'User' },
    targets: ({ view }) => ({ id: view.viewerId, isVisible: true }),
  },
  ...Object.fromEntries(
    ['User', 'Course', 'Meeting'].map((model) => [
      `Query.${model.toLowerCase()}`,
      {
        ...{ kind: 'one', model },
        targets: ({ view, args: { id, slug } }) => ({
          id: id ? rawId(id) : (view.related(model, 'slug', slug)[0] ?? null),
          isVisible: 'ask',
        }),
      } satisfies FieldSpec,
    ]),
  ),
  'Query.node': {
    ...{ kind: 'one', model: null },
    targets: ({ args }) => ({ id: rawId(args.id), isVisible: 'ask' }),
  },
  'Query.leaderboard': { kind: 'leaderboard' },
  'Query.platformStats': view('PlatformStats', guards.admin),
  'AdminDashboard.platform': view('PlatformStats'),
  'Course.teacher': parent('User', 'teacherId'),
  'Course.stats': view('CourseStats'),
  'Lesson.course': parent('Course', 'courseId'),
  'Enrollment.course': parent('Course', 'courseId', false),
  'Enrollment.student': parent('User', 'studentId'),
  'Meeting.host': parent('User', 'hostId'),
  'Meeting.course': parent('Course', 'courseId', false),
  'Attendee.meeting': parent('Meeting', 'meetingId'),
  'Attendee.user': parent('User', 'userId'),
  'CalendarEvent.meeting': parent('Meeting', 'meetingId', false),
  'AiModel.provider': parent('AiProvider', 'providerId'),
  'User.profile': ownedBy('Profile'),
  'User.subscription': ownedBy('Subscription'),
  'User.botSettings': ownedBy('BotSettings'),
  'User.studentDashboard': view('StudentDashboard', guards.selfOrAdmin),
  'User.teacherDashboard': view('TeacherDashboard', guards.selfOrAdmin),
  'User.adminDashboard': view('AdminDashboard', guards.admin),
  'User.creditBalance': figure(creditsOf, guards.selfOrAdmin),
  'CourseStats.enrollmentCount': figure(
    (subject) => countOf(subject.view, enrolledIn(subject)),
    guards.publicIfActive,
  ),
  'CourseStats.averageProgress': figure(
    (subject) => sumsOf(subject.view, enrolledIn(subject), { terms: progress, figure: mean }),
    guards.teacherOrAdmin,
  ),
  'CourseStats.completionRate': figure(
    (subject) =>
      sumsOf(subject.view, enrolledIn(subject), {
        terms: ({ status }) => [status === 'COMPLETED' ? 1 : 0, 1],
        figure: mean,
      }),
    guards.teacherOrAdmin,
  ),
  'CourseStats.revenueCents': figure((subject) => {
    const { view, id } = subject
    const ids = view.related('Payment', 'courseId', id)
    return revenueOf(subject, (row) => every(whether(row.courseId === id), isCompleted(row)), ids)
  }, guards.teacherOrAdmin),
  'StudentDashboard.completedCount': figure((subject) =>
    countOf(
      subject.view,
      enrollmentsOf(subject, ({ status }) => status === 'COMPLETED'),
    ),
  ),
  'StudentDashboard.averageProgress': figure((subject) =>
    sumsOf(
      subject.view,
      enrollmentsOf(subject, ({ status }) => status !== 'CANCELLED'),
      {
        ...{ terms: progress, figure: mean },
      },
    ),
  ),
  'StudentDashboard.creditBalance': figure(creditsOf),
  'TeacherDashboard.activeCourseCount': figure(({ view, id }) =>
    countOf(view, {
      ...{ model: 'Course', ids: view.related('Course', 'teacherId', id) },
      where: ({ teacherId, status }) => whether(teacherId === id && status === 'ACTIVE'),
    }),
  ),
  'TeacherDashboard.enrollmentCount': figure(({ view, id }) =>
    countOf(view, {
      ...{ model: 'Enrollment', ids: view.ids('Enrollment') },
      where: (row) => every(isEnrolled(view, row), () => isTaughtBy(view, row.courseId, id)),
    }),
  ),
  'TeacherDashboard.studentCount': figure(({ view, id }) => {
    const spec = lists['TeacherDashboard.students']
    return countOf(view, {
      ...{ model: 'User', ids: view.ids('User') },
      where: (row) => spec.where(view, row, id),
    })
  }),
  'TeacherDashboard.revenueCents': figure((subject) => {
    const { view, id } = subject
    return revenueOf(
      subject,
      (row) => every(isCompleted(row), () => isTaughtBy(view, row.courseId, id)),
      view.ids('Payment'),
    )
  }),
  'PlatformStats.activeCourseCount': figure(({ view }) =>
    countOf(view, {
      ...{ model: 'Course', ids: view.ids('Course') },
      where: ({ status }) => whether(status === 'ACTIVE'),
    }),
  ),
  'PlatformStats.enrollmentCount': figure(({ view }) =>
    countOf(view, {
      ...{ model: 'Enrollment', ids: view.ids('Enrollment') },
      where: (row) => isEnrolled(view, row),
    }),
  ),
  'PlatformStats.usersByRole': {
    kind: 'figures',
    possible: ({ view }) => ({
      ...{ nameField: 'role', valueField: 'count' },
      figures: new Map(
        ['STUDENT', 'TEACHER', 'ADMIN'].map((role) => [
          role,
          countOf(view, {
            ...{ model: 'User', ids: view.ids('User') },
            where: (row) => whether(row.role === role),
          }),
        ]),
      ),
    }),
  },
  'PlatformStats.revenueByMonth': {
    kind: 'figures',
    possible: (subject) => ({
      ...{ nameField: 'month', valueField: 'revenueCents' },
      figures: revenueByMonth(subject),
    }),
  },
}

function revenueByMonth(subject: Subject): ReadonlyMap<string, Possible> {
  const { view } = subject
  const monthOf = ({ paidAt }: Row) => String(paidAt).slice(0, 7)
  const ids = [...view.ids('Payment')]
  const months = new Set(
    ids.flatMap((id) => view.possible('Payment', id).flatMap((row) => (row ? [monthOf(row)] : []))),
  )
  return new Map(
    [...months].map((month) => [
      month,
      revenueOf(
        subject,
        (row) => every(isCompleted(row), whether(row.paidAt !== null && monthOf(row) === month)),
        ids,
      ),
    ]),
  )
}

/** Whether a row that a field leads to may be seen there. */
export function isTargetVisible(view: View, model: string, target: Target) {
  if (target.id === null) return no
  const rule = visible[model]
  return view.one(model, target.id, (row) =>
    target.isVisible === true ? yes : rule ? some(rule(view, row)) : no,
  )
}
