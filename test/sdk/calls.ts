import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { DocumentNode } from 'graphql'
import { demoPeople } from '../../prisma/demo-people.ts'
import { parseDateTime } from '../../src/sdk/date-time.ts'
import * as documents from '../../src/sdk/generated/graphql.ts'
import { globalId } from '../support/global-id.ts'
import type { Rows } from '../support/rows.ts'

export type Role = (typeof demoPeople)[number]['role']

/** Who asks for a document, and with which variables; rows of its own if it changes any. */
export interface Call {
  readonly document: DocumentNode
  /** Null: nobody is signed in. */
  readonly as: Role | null
  readonly prepare: ((rows: Rows) => unknown) | undefined
}

const now = parseDateTime('2026-11-21T12:00:00.000000Z')
const longAgo = parseDateTime('2020-01-01T00:00:00Z')

/** Every screen, asked for by whom it is made for. */
export const screens: readonly Call[] = [
  call(documents.ViewerDocument, 'STUDENT'),
  call(documents.CourseListDocument, null, () => ({ orderBy: 'MOST_ENROLLED' })),
  call(documents.CoursePageDocument, 'STUDENT', async (rows) => {
    const { id, slug } = await rows.course()
    await rows.lesson({ courseId: id })
    await rows.enrollment({ courseId: id, studentId: personId('STUDENT') })
    return { slug }
  }),
  call(documents.LessonPageDocument, 'STUDENT', async (rows) => {
    const lesson = await rows.lesson()
    await rows.enrollment({ courseId: lesson.courseId, studentId: personId('STUDENT') })
    return { id: globalId('Lesson', lesson.id) }
  }),
  call(documents.StudentDashboardDocument, 'STUDENT', () => ({ now })),
  call(documents.TeacherDashboardDocument, 'TEACHER', () => ({ now })),
  call(documents.AdminDashboardDocument, 'ADMIN'),
  call(documents.MeetingListDocument, 'TEACHER'),
  call(documents.MeetingPageDocument, 'STUDENT', async (rows) => {
    const { id } = await rows.meeting({ courseId: (await rows.course()).id })
    await rows.attendee({ meetingId: id, userId: personId('STUDENT') })
    return { id: globalId('Meeting', id) }
  }),
  call(documents.CalendarDocument, 'STUDENT', () => ({ from: longAgo, to: now })),
  call(documents.ConversationListDocument, 'STUDENT'),
  call(documents.ConversationDocument, 'STUDENT', async (rows) => {
    const { id } = await rows.conversation({ userId: personId('STUDENT') })
    await rows.message({ conversationId: id })
    return { id: globalId('Conversation', id) }
  }),
  call(documents.LeaderboardDocument, null),
  call(documents.AiModelsDocument, null),
  call(documents.ProfileSettingsDocument, 'STUDENT', () => ({ since: longAgo })),
  call(documents.UsersDocument, 'ADMIN', () => ({ filter: { search: 'a' } })),
  call(documents.PlatformStatsDocument, 'ADMIN'),
]

/** Every mutation, called by somebody who may. */
export const mutations: readonly Call[] = [
  call(documents.UpdateProfileDocument, 'STUDENT', () => ({ input: { headline: 'Learns' } })),
  call(documents.UpdateBotSettingsDocument, 'STUDENT', () => ({ input: { autoJoin: true } })),
  call(documents.ConnectIntegrationDocument, 'ADMIN', async (rows) => ({
    input: { provider: 'ZOOM', userId: globalId('User', (await rows.user()).id) },
  })),
  call(documents.DisconnectIntegrationDocument, 'ADMIN', async (rows) => {
    const { userId } = await rows.integration({ provider: 'SLACK' })
    return { input: { provider: 'SLACK', userId: globalId('User', userId) } }
  }),
  call(documents.ChangePlanDocument, 'STUDENT', () => ({ input: { plan: 'PRO' } })),
  call(documents.GrantCreditsDocument, 'ADMIN', async (rows) => ({
    input: {
      userId: globalId('User', (await rows.user()).id),
      amount: 5,
      reason: 'For a good question',
    },
  })),
  call(documents.CreateCourseDocument, 'TEACHER', () => ({
    input: {
      title: 'Knots',
      slug: 'knots',
      summary: 'How to tie them.',
      description: 'And how to untie them again.',
      priceCents: 1_500,
    },
  })),
  call(documents.UpdateCourseDocument, 'TEACHER', async (rows) => ({
    input: { id: await ownCourse(rows), title: 'Better knots' },
  })),
  call(documents.PublishCourseDocument, 'TEACHER', async (rows) => {
    const draft = await rows.course({ teacherId: personId('TEACHER'), status: 'DRAFT' })
    await rows.lesson({ courseId: draft.id })
    return { input: { id: globalId('Course', draft.id) } }
  }),
  call(documents.ArchiveCourseDocument, 'TEACHER', async (rows) => ({
    input: { id: await ownCourse(rows) },
  })),
  call(documents.AddLessonDocument, 'TEACHER', async (rows) => ({
    input: { courseId: await ownCourse(rows), title: 'The bowline', body: 'A rabbit, a tree.' },
  })),
  call(documents.UpdateLessonDocument, 'TEACHER', async (rows) => ({
    input: { id: (await ownLessons(rows, 1)).lessonIds[0] ?? '', durationMinutes: 20 },
  })),
  call(documents.ReorderLessonsDocument, 'TEACHER', async (rows) => {
    const { courseId, lessonIds } = await ownLessons(rows, 2)
    return { input: { courseId, lessonIds: lessonIds.toReversed() } }
  }),
  call(documents.DeleteLessonDocument, 'TEACHER', async (rows) => ({
    input: { id: (await ownLessons(rows, 1)).lessonIds[0] ?? '' },
  })),
  call(documents.EnrollDocument, 'STUDENT', async (rows) => ({
    input: { courseId: globalId('Course', (await rows.course({ priceCents: 0 })).id) },
  })),
  call(documents.UpdateProgressDocument, 'STUDENT', async (rows) => ({
    input: { enrollmentId: await ownEnrollment(rows), progress: 0.5 },
  })),
  call(documents.CancelEnrollmentDocument, 'STUDENT', async (rows) => ({
    input: { id: await ownEnrollment(rows) },
  })),
  call(documents.RecordPaymentDocument, 'ADMIN', async (rows) => ({
    input: { enrollmentId: await ownEnrollment(rows) },
  })),
  call(documents.RefundPaymentDocument, 'ADMIN', async (rows) => ({
    input: { id: globalId('Payment', (await rows.payment()).id) },
  })),
  call(documents.CreateMeetingDocument, 'TEACHER', async (rows) => ({
    input: {
      title: 'Questions and answers',
      startsAt: parseDateTime('2027-01-02T10:00:00Z'),
      endsAt: parseDateTime('2027-01-02T11:00:00Z'),
      courseId: await ownCourse(rows),
      attendeeIds: [globalId('User', personId('STUDENT'))],
    },
  })),
  call(documents.UpdateMeetingDocument, 'TEACHER', async (rows) => ({
    input: { id: await ownMeeting(rows), title: 'Answers only' },
  })),
  call(documents.CancelMeetingDocument, 'TEACHER', async (rows) => ({
    input: { id: await ownMeeting(rows) },
  })),
  call(documents.RespondToMeetingDocument, 'STUDENT', async (rows) => {
    const { meetingId } = await rows.attendee({ userId: personId('STUDENT') })
    return { input: { meetingId: globalId('Meeting', meetingId), response: 'ACCEPTED' } }
  }),
  call(documents.StartConversationDocument, 'STUDENT', async (rows) => ({
    input: { modelId: globalId('AiModel', (await rows.aiModel()).id), title: 'About knots' },
  })),
  call(documents.PostMessageDocument, 'STUDENT', async (rows) => ({
    input: { conversationId: await ownConversation(rows), content: 'How many are there?' },
  })),
  call(documents.DeleteConversationDocument, 'STUDENT', async (rows) => ({
    input: { id: await ownConversation(rows) },
  })),
  call(documents.ImportStudentsDocument, 'ADMIN', () => ({
    input: { rows: [{ email: 'newcomer@example.org', name: 'Newcomer' }] },
  })),
  call(documents.BulkUpdateProgressDocument, 'TEACHER', async (rows) => {
    const { id: courseId } = await rows.course({ teacherId: personId('TEACHER') })
    const { id } = await rows.enrollment({ courseId })
    return { input: { rows: [{ enrollmentId: globalId('Enrollment', id), progress: 0.9 }] } }
  }),
  call(documents.ChangeRoleDocument, 'ADMIN', async (rows) => ({
    input: { userId: globalId('User', (await rows.user()).id), role: 'TEACHER' },
  })),
  call(documents.DeleteUserDocument, 'ADMIN', async (rows) => ({
    input: { id: globalId('User', (await rows.user()).id) },
  })),
]

export function personId(role: Role): string {
  const person = demoPeople.find((one) => one.role === role)
  if (!person) throw new Error(`Nobody of the demo people is ${role}`)
  return person.id
}

/** Variables have the types that the generated code says, and may be left out if all have defaults. */
function call<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  as: Role | null,
  ...[prepare]: Record<never, never> extends Variables
    ? [((rows: Rows) => Variables | Promise<Variables>)?]
    : [(rows: Rows) => Variables | Promise<Variables>]
): Call {
  return { document, as, prepare }
}

async function ownCourse(rows: Rows): Promise<string> {
  return globalId('Course', (await rows.course({ teacherId: personId('TEACHER') })).id)
}

async function ownLessons(rows: Rows, count: number) {
  const { id: courseId } = await rows.course({ teacherId: personId('TEACHER') })
  const lessonIds: string[] = []
  for (let position = 1; position <= count; position += 1) {
    const { id } = await rows.lesson({ courseId, position })
    lessonIds.push(globalId('Lesson', id))
  }
  return { courseId: globalId('Course', courseId), lessonIds }
}

async function ownEnrollment(rows: Rows): Promise<string> {
  return globalId('Enrollment', (await rows.enrollment({ studentId: personId('STUDENT') })).id)
}

async function ownMeeting(rows: Rows): Promise<string> {
  return globalId('Meeting', (await rows.meeting({ hostId: personId('TEACHER') })).id)
}

async function ownConversation(rows: Rows): Promise<string> {
  return globalId('Conversation', (await rows.conversation({ userId: personId('STUDENT') })).id)
}
