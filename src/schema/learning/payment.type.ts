import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'Payment'> = anyOf(
  role('ADMIN'),
  { studentId: viewerId },
  { course: { teacherId: viewerId } },
)

export const Payment = entity.object('Payment', {
  model: 'Payment',
  noStore: true,
  description:
    "A payment for an enrollment, seen by the student, the course's teacher and admins. Payments are never deleted.",
  visible,
  fields: (t) => ({
    amountCents: t.column('amountCents', {
      description: 'The amount, in hundredths of `currency`.',
    }),
    currency: t.column('currency', {
      description: 'The currency of the amount, as three letters of ISO 4217: `EUR`.',
    }),
    status: t.column('status', { description: 'Whether the money has changed hands.' }),
    paidAt: t.column('paidAt', { description: 'When the money was received; null before that.' }),
    createdAt: t.column('createdAt', { description: 'When the payment was recorded.' }),
    updatedAt: t.column('updatedAt', { description: 'When the payment changed last.' }),
    // An enrollment has the student and the course of its payments, so the same people see both.
    enrollment: t.one('enrollment', {
      description: 'The enrollment that was paid for.',
      inherits: true,
    }),
    student: t.one('student', { description: 'The student who paid.', inherits: true }),
    course: t.one('course', {
      description: 'The course that was paid for; null when the viewer may not see it any more.',
    }),
  }),
})
