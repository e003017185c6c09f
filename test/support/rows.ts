import type { Prisma, PrismaClient } from '../../src/generated/prisma/client.ts'

export type Rows = ReturnType<typeof createRows>

/**
 * Builders of valid rows: a test sets only what it is about. A parent that is not named is made too,
 * and a course is ACTIVE, because that is what most tests want. Rows of one `Rows` never collide.
 */
export function createRows(prisma: PrismaClient) {
  let count = 0
  const next = () => ++count

  const user = (values: Partial<Prisma.UserUncheckedCreateInput> = {}) => {
    const number = next()
    const data = { email: `person-${number}@example.org`, name: `Person ${number}`, ...values }
    return prisma.user.create({ data })
  }
  const userId = async (given: string | undefined) => given ?? (await user()).id

  const course = async (values: Partial<Prisma.CourseUncheckedCreateInput> = {}) => {
    const number = next()
    const teacherId = values.teacherId ?? (await user({ role: 'TEACHER' })).id
    const data = {
      title: `Course ${number}`,
      slug: `course-${number}`,
      summary: `What course ${number} is about.`,
      description: `All that there is to say about course ${number}.`,
      status: 'ACTIVE',
      priceCents: 4_900,
      publishedAt: '2026-01-02T03:04:05.678Z',
      ...values,
      teacherId,
    } as const
    return prisma.course.create({ data })
  }
  const courseId = async (given: string | undefined) => given ?? (await course()).id

  const enrollment = async (values: Partial<Prisma.EnrollmentUncheckedCreateInput> = {}) =>
    prisma.enrollment.create({
      data: {
        ...values,
        courseId: await courseId(values.courseId),
        studentId: await userId(values.studentId),
      },
    })

  const aiModel = async (values: Partial<Prisma.AiModelUncheckedCreateInput> = {}) => {
    const number = next()
    const providerId = values.providerId ?? (await aiProvider()).id
    const data = { name: `Model ${number}`, contextWindow: 8_192, ...values, providerId }
    return prisma.aiModel.create({ data })
  }
  const aiProvider = (values: Partial<Prisma.AiProviderUncheckedCreateInput> = {}) => {
    const number = next()
    const data = { name: `Provider ${number}`, slug: `provider-${number}`, ...values }
    return prisma.aiProvider.create({ data })
  }

  const meeting = async (values: Partial<Prisma.MeetingUncheckedCreateInput> = {}) =>
    prisma.meeting.create({
      data: {
        title: `Meeting ${next()}`,
        startsAt: '2026-03-04T10:00:00.000Z',
        endsAt: '2026-03-04T11:00:00.000Z',
        ...values,
        hostId: await userId(values.hostId),
      },
    })

  const conversation = async (values: Partial<Prisma.ConversationUncheckedCreateInput> = {}) =>
    prisma.conversation.create({
      data: {
        title: `Conversation ${next()}`,
        ...values,
        userId: await userId(values.userId),
        modelId: values.modelId ?? (await aiModel()).id,
      },
    })

  return {
    user,
    course,
    enrollment,
    aiProvider,
    aiModel,
    meeting,
    conversation,
    teacher: (values: Partial<Prisma.UserUncheckedCreateInput> = {}) =>
      user({ role: 'TEACHER', ...values }),
    admin: (values: Partial<Prisma.UserUncheckedCreateInput> = {}) =>
      user({ role: 'ADMIN', ...values }),

    async lesson(values: Partial<Prisma.LessonUncheckedCreateInput> = {}) {
      const position = next()
      const data = { position, title: `Lesson ${position}`, body: `Body ${position}`, ...values }
      return prisma.lesson.create({ data: { ...data, courseId: await courseId(values.courseId) } })
    },

    /** Of an enrollment that is made when none is named; student and course are the enrollment's. */
    async payment(
      values: Partial<Omit<Prisma.PaymentUncheckedCreateInput, 'studentId' | 'courseId'>> = {},
    ) {
      const of =
        values.enrollmentId === undefined
          ? await enrollment()
          : await prisma.enrollment.findUniqueOrThrow({ where: { id: values.enrollmentId } })
      const { id: enrollmentId, studentId, courseId } = of
      const data = {
        amountCents: 4_900,
        status: 'COMPLETED',
        paidAt: '2026-02-03T04:05:06.007Z',
        ...values,
      } as const
      return prisma.payment.create({ data: { ...data, enrollmentId, studentId, courseId } })
    },

    async attendee(values: Partial<Prisma.AttendeeUncheckedCreateInput> = {}) {
      const meetingId = values.meetingId ?? (await meeting()).id
      return prisma.attendee.create({
        data: { ...values, meetingId, userId: await userId(values.userId) },
      })
    },

    async calendarEvent(values: Partial<Prisma.CalendarEventUncheckedCreateInput> = {}) {
      const data = {
        title: `Event ${next()}`,
        startsAt: '2026-03-05T09:00:00.000Z',
        endsAt: '2026-03-05T09:30:00.000Z',
        ...values,
      }
      return prisma.calendarEvent.create({ data: { ...data, userId: await userId(values.userId) } })
    },

    async integration(values: Partial<Prisma.IntegrationUncheckedCreateInput> = {}) {
      const data = { provider: 'SLACK', ...values } as const
      return prisma.integration.create({ data: { ...data, userId: await userId(values.userId) } })
    },

    async botSettings(values: Partial<Prisma.BotSettingsUncheckedCreateInput> = {}) {
      return prisma.botSettings.create({ data: { ...values, userId: await userId(values.userId) } })
    },

    async profile(values: Partial<Prisma.ProfileUncheckedCreateInput> = {}) {
      const data = { headline: `Headline ${next()}`, ...values }
      return prisma.profile.create({ data: { ...data, userId: await userId(values.userId) } })
    },

    async subscription(values: Partial<Prisma.SubscriptionUncheckedCreateInput> = {}) {
      return prisma.subscription.create({
        data: { ...values, userId: await userId(values.userId) },
      })
    },

    async usageRecord(values: Partial<Prisma.UsageRecordUncheckedCreateInput> = {}) {
      const data = { metric: 'AI_TOKENS', quantity: 100, ...values } as const
      return prisma.usageRecord.create({ data: { ...data, userId: await userId(values.userId) } })
    },

    async creditEntry(values: Partial<Prisma.CreditEntryUncheckedCreateInput> = {}) {
      const data = { amount: 10, reason: 'A welcome', ...values }
      return prisma.creditEntry.create({ data: { ...data, userId: await userId(values.userId) } })
    },

    async message(values: Partial<Prisma.MessageUncheckedCreateInput> = {}) {
      const conversationId = values.conversationId ?? (await conversation()).id
      const data = { role: 'USER', content: `Message ${next()}`, tokenCount: 3, ...values } as const
      return prisma.message.create({ data: { ...data, conversationId } })
    },
  }
}
