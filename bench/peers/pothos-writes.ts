import { decodeId } from './global-id.ts'

// The two clients of Prisma have one type each, which only the run knows.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Any = any

/** The mutations of the bench, with as few statements as Prisma has for them. */
export function addWrites(builder: Any, prisma: Any): void {
  const UpdateProgressInput = builder.inputType('UpdateProgressInput', {
    fields: (t: Any) => ({
      enrollmentId: t.id({ required: true }),
      progress: t.float({ required: true }),
    }),
  })
  const UpdateProgressPayload = builder.objectRef('UpdateProgressPayload').implement({
    fields: (t: Any) => ({
      enrollment: t.prismaField({
        type: 'Enrollment',
        resolve: (query: object, { enrollmentId, progress }: Any) =>
          prisma.enrollment.update({
            ...query,
            where: { id: decodeId(enrollmentId).key },
            data: { progress },
          }),
      }),
    }),
  })
  const ImportStudentRow = builder.inputType('ImportStudentRow', {
    fields: (t: Any) => ({
      email: t.string({ required: true }),
      name: t.string({ required: true }),
    }),
  })
  const ImportStudentsInput = builder.inputType('ImportStudentsInput', {
    fields: (t: Any) => ({ rows: t.field({ type: [ImportStudentRow], required: true }) }),
  })
  const ImportedStudent = builder.objectRef('ImportedStudent').implement({
    fields: (t: Any) => ({ status: t.exposeString('status') }),
  })
  const ImportStudentsPayload = builder.objectRef('ImportStudentsPayload').implement({
    fields: (t: Any) => ({ results: t.expose('results', { type: [ImportedStudent] }) }),
  })
  builder.mutationType({
    fields: (t: Any) => ({
      updateProgress: t.field({
        type: UpdateProgressPayload,
        args: { input: t.arg({ type: UpdateProgressInput, required: true }) },
        resolve: (_: unknown, { input }: Any) => input,
      }),
      importStudents: t.field({
        type: ImportStudentsPayload,
        args: { input: t.arg({ type: ImportStudentsInput, required: true }) },
        async resolve(_: unknown, { input }: Any) {
          const made = await prisma.user.createManyAndReturn({
            data: input.rows,
            skipDuplicates: true,
            select: { email: true },
          })
          const emails = new Set(made.map((row: { email: string }) => row.email))
          const statusOf = ({ email }: Any) => (emails.has(email) ? 'CREATED' : 'EXISTING')
          return { results: input.rows.map((row: Any) => ({ status: statusOf(row) })) }
        },
      }),
    }),
  })
}
