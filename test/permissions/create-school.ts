import { globalId } from '../support/global-id.ts'
import type { Rows } from '../support/rows.ts'

/**
 * Two teachers with an ACTIVE, a DRAFT and an ARCHIVED course each. The student is enrolled with the
 * first of them, the other student with both, and a former student has left the first one's courses.
 * Everybody has one of everything that is personal. Ids are global ids.
 */
export async function createSchool(rows: Rows) {
  const picture = 'https://example.org/me.png'
  const student = await rows.user({ avatarUrl: picture })
  const otherStudent = await rows.user({ avatarUrl: picture })
  const formerStudent = await rows.user({ avatarUrl: picture })
  const stranger = await rows.user({ avatarUrl: picture })
  const teacher = await rows.teacher({ avatarUrl: picture })
  const otherTeacher = await rows.teacher({ avatarUrl: picture })
  const admin = await rows.admin({ avatarUrl: picture })

  const model = await rows.aiModel()
  for (const { id } of [otherStudent, formerStudent, stranger, otherTeacher]) {
    await createPersonal(rows, id, model.id)
  }
  const attended = await rows.meeting({ hostId: otherTeacher.id })
  const personal = {
    student: await createPersonal(rows, student.id, model.id, attended.id),
    teacher: await createPersonal(rows, teacher.id, model.id),
    admin: await createPersonal(rows, admin.id, model.id),
  }

  const active = await createCourse(rows, teacher.id, 'ACTIVE')
  const draft = await createCourse(rows, teacher.id, 'DRAFT')
  const archived = await createCourse(rows, teacher.id, 'ARCHIVED')
  const otherActive = await createCourse(rows, otherTeacher.id, 'ACTIVE')
  const otherDraft = await createCourse(rows, otherTeacher.id, 'DRAFT')
  const otherArchived = await createCourse(rows, otherTeacher.id, 'ARCHIVED')

  const enroll = async (
    courseId: string,
    studentId: string,
    status: 'ACTIVE' | 'COMPLETED' | 'CANCELLED',
  ) => {
    const enrollment = await rows.enrollment({ courseId, studentId, status })
    const payment = await rows.payment({ enrollmentId: enrollment.id })
    return { enrollment: enrollment.id, payment: payment.id }
  }
  const own = await enroll(active.courseId, student.id, 'ACTIVE')
  await enroll(active.courseId, otherStudent.id, 'COMPLETED')
  const left = await enroll(active.courseId, formerStudent.id, 'CANCELLED')
  await enroll(archived.courseId, student.id, 'COMPLETED')
  await enroll(archived.courseId, formerStudent.id, 'CANCELLED')
  const foreign = await enroll(otherActive.courseId, otherStudent.id, 'ACTIVE')
  await enroll(otherArchived.courseId, otherStudent.id, 'ACTIVE')

  const hosted = await rows.meeting({ hostId: student.id })
  const attendance = await rows.attendee({ meetingId: attended.id, userId: student.id })
  const ofCourse = await rows.meeting({ hostId: otherStudent.id, courseId: active.courseId })
  const foreignMeeting = await rows.meeting({ hostId: otherTeacher.id })
  const foreignAttendance = await rows.attendee({
    meetingId: foreignMeeting.id,
    userId: otherStudent.id,
  })

  return {
    /** Who can ask, by raw id. */
    people: {
      anonymous: null,
      student: student.id,
      formerStudent: formerStudent.id,
      stranger: stranger.id,
      teacher: teacher.id,
      admin: admin.id,
    },
    personal,
    model: globalId('AiModel', model.id),
    provider: globalId('AiProvider', model.providerId),
    student: globalId('User', student.id),
    otherStudent: globalId('User', otherStudent.id),
    formerStudent: globalId('User', formerStudent.id),
    stranger: globalId('User', stranger.id),
    teacher: globalId('User', teacher.id),
    otherTeacher: globalId('User', otherTeacher.id),
    admin: globalId('User', admin.id),
    active,
    draft,
    archived,
    otherActive,
    otherDraft,
    otherArchived,
    ownEnrollment: globalId('Enrollment', own.enrollment),
    ownPayment: globalId('Payment', own.payment),
    leftEnrollment: globalId('Enrollment', left.enrollment),
    foreignEnrollment: globalId('Enrollment', foreign.enrollment),
    foreignPayment: globalId('Payment', foreign.payment),
    hosted: globalId('Meeting', hosted.id),
    attended: globalId('Meeting', attended.id),
    attendance: globalId('Attendee', attendance.id),
    ofCourse: globalId('Meeting', ofCourse.id),
    foreignMeeting: globalId('Meeting', foreignMeeting.id),
    foreignAttendance: globalId('Attendee', foreignAttendance.id),
  }
}

export type School = Awaited<ReturnType<typeof createSchool>>

type CourseStatus = 'DRAFT' | 'ACTIVE' | 'ARCHIVED'

async function createCourse(rows: Rows, teacherId: string, status: CourseStatus) {
  const course = await rows.course({ teacherId, status })
  const lesson = await rows.lesson({ courseId: course.id })
  return {
    courseId: course.id,
    course: globalId('Course', course.id),
    lesson: globalId('Lesson', lesson.id),
  }
}

/** With a value in every column that may be empty: what is answered null is so for another reason. */
async function createPersonal(rows: Rows, userId: string, modelId: string, meetingId?: string) {
  const at = '2026-04-05T06:07:08.009Z'
  const profile = { userId, bio: 'A life.', website: 'https://example.org' }
  const event = { userId, ...(meetingId === undefined ? {} : { meetingId }) }
  const conversation = await rows.conversation({ userId, modelId })
  return {
    profile: globalId('Profile', (await rows.profile(profile)).id),
    subscription: globalId('Subscription', (await rows.subscription({ userId, renewsAt: at })).id),
    botSettings: globalId('BotSettings', (await rows.botSettings({ userId })).id),
    usageRecord: globalId('UsageRecord', (await rows.usageRecord({ userId })).id),
    creditEntry: globalId('CreditEntry', (await rows.creditEntry({ userId })).id),
    calendarEvent: globalId('CalendarEvent', (await rows.calendarEvent(event)).id),
    integration: globalId('Integration', (await rows.integration({ userId, lastSyncedAt: at })).id),
    conversation: globalId('Conversation', conversation.id),
    message: globalId('Message', (await rows.message({ conversationId: conversation.id })).id),
  }
}
