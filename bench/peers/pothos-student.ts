// The two clients of Prisma have one type each, which only the run knows.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Any = any

/** The dashboard of a student as Loadline has it, with Prisma's `count` and `aggregate` for figures. */
export function addStudentDashboard(builder: Any, prisma: Any): void {
  builder.prismaNode('Meeting', {
    id: { field: 'id' },
    fields: (t: Any) => ({
      title: t.exposeString('title'),
      startsAt: t.expose('startsAt', { type: 'DateTime' }),
      endsAt: t.expose('endsAt', { type: 'DateTime' }),
      status: t.exposeString('status'),
      host: t.relation('host'),
      course: t.relation('course', { nullable: true }),
    }),
  })
  builder.prismaNode('CalendarEvent', {
    id: { field: 'id' },
    fields: (t: Any) => ({
      title: t.exposeString('title'),
      startsAt: t.expose('startsAt', { type: 'DateTime' }),
      endsAt: t.expose('endsAt', { type: 'DateTime' }),
      meeting: t.relation('meeting', { nullable: true }),
    }),
  })

  const soonest = [{ startsAt: 'asc' }, { id: 'asc' }]
  const StudentDashboard = builder.prismaObject('User', {
    variant: 'StudentDashboard',
    select: { id: true },
    fields: (t: Any) => ({
      activeEnrollments: t.relatedConnection('enrollments', {
        cursor: 'id',
        totalCount: true,
        query: { where: { status: 'ACTIVE' }, orderBy: [{ enrolledAt: 'desc' }, { id: 'desc' }] },
      }),
      completedCount: t.relationCount('enrollments', { where: { status: 'COMPLETED' } }),
      averageProgress: t.float({
        nullable: true,
        async resolve({ id }: { id: string }) {
          const { _avg } = await prisma.enrollment.aggregate({
            where: { studentId: id, status: { in: ['ACTIVE', 'COMPLETED'] } },
            _avg: { progress: true },
          })
          return _avg.progress
        },
      }),
      creditBalance: t.int({
        async resolve({ id }: { id: string }) {
          const { _sum } = await prisma.creditEntry.aggregate({
            where: { userId: id },
            _sum: { amount: true },
          })
          return _sum.amount ?? 0
        },
      }),
      upcomingMeetings: t.prismaConnection({
        type: 'Meeting',
        cursor: 'id',
        args: { from: t.arg({ type: 'DateTime', required: true }) },
        resolve: (query: object, { id }: { id: string }, { from }: { from: string }) =>
          prisma.meeting.findMany({
            ...query,
            where: {
              endsAt: { gt: from },
              status: { in: ['SCHEDULED', 'LIVE'] },
              OR: [{ hostId: id }, { attendees: { some: { userId: id } } }],
            },
            orderBy: soonest,
          }),
      }),
      nextCalendarEvents: t.relatedConnection('calendarEvents', {
        cursor: 'id',
        args: { from: t.arg({ type: 'DateTime', required: true }) },
        query: ({ from }: { from: string }) => ({
          where: { endsAt: { gt: from } },
          orderBy: soonest,
        }),
      }),
    }),
  })
  builder.prismaObjectField('User', 'studentDashboard', (t: Any) => t.variant(StudentDashboard))
  builder.queryField('viewer', (t: Any) =>
    t.prismaField({
      type: 'User',
      nullable: true,
      resolve: (query: object, _: unknown, __: unknown, { viewer }: { viewer: string | null }) =>
        prisma.user.findUnique({ ...query, where: { id: viewer ?? '' } }),
    }),
  )
}
