import type { FieldSpec, Target } from './field-spec.ts'
import { figureFields } from './figure-fields.ts'
import type { Row } from './history.ts'
import { no, whether, yes } from './kleene.ts'
import { lists, rawId } from './lists.ts'
import { guards, type Rule, visible } from './rules.ts'
import type { View } from './view.ts'

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

const view = (type: string, guard?: Rule): FieldSpec => ({
  ...{ kind: 'view', type },
  ...(guard && { guard }),
})

/** `Type.field` for all that documents of the checker ask for. */
export const fields: Readonly<Record<string, FieldSpec>> = {
  ...figureFields,
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
          isMeant: (row) => !slug || row.slug === slug,
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
}

/** Whether a row that a field leads to may be seen there. */
export function isTargetVisible(view: View, model: string, target: Target) {
  if (target.id === null) return no
  const rule = visible[model]
  const { isMeant = () => true } = target
  return view.one(model, target.id, (row) => {
    if (!isMeant(row)) return no
    return target.isVisible === true ? yes : rule ? rule(view, row) : no
  })
}
