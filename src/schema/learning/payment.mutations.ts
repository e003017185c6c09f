import { conflict, notFound } from '../authorize.ts'
import { currency, dateTime, globalId, maybe, money } from '../input-values.ts'
import { lockRows } from '../lock-row.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { newRowId } from '../row-id.ts'
import { Enrollment } from './enrollment.type.ts'
import { Payment } from './payment.type.ts'

mutation('recordPayment', {
  description: 'Puts a payment on record that was received for an enrollment.',
  allow: ['ADMIN'],
  input: {
    enrollmentId: globalId('Enrollment').describe('What was paid for.'),
    amountCents: maybe(money()).describe(
      "The amount, in hundredths of `currency`; the course's price when left out.",
    ),
    currency: maybe(currency()).describe(
      "The amount's currency, as ISO 4217 writes it; the course's when left out.",
    ),
    paidAt: maybe(dateTime()).describe('When the money was received; now when left out.'),
  },
  payload: {
    payment: one(Payment, 'The payment.'),
    enrollment: one(Enrollment, 'What was paid for, with its payments as they are now.'),
  },
  async run({ input: { enrollmentId, paidAt = null, ...given }, tx }) {
    await lockRows(tx, 'Enrollment', [enrollmentId], 'keep')
    const enrollment = await tx.enrollment.findUnique({
      where: { id: enrollmentId },
      select: { studentId: true, courseId: true, course: true },
    })
    if (!enrollment) throw notFound('enrollment', 'input.enrollmentId')
    const { studentId, courseId, course } = enrollment
    const { amountCents = course.priceCents, currency = course.currency } = given
    const id = newRowId()
    await tx.$executeRaw`
      INSERT INTO "Payment"
        ("id", "enrollmentId", "studentId", "courseId", "amountCents", "currency", "status", "paidAt")
      VALUES (${id}::uuid, ${enrollmentId}::uuid, ${studentId}::uuid, ${courseId}::uuid,
        ${amountCents}, ${currency}, 'COMPLETED', coalesce(${paidAt}::timestamptz, now()))`
    return { payment: id, enrollment: enrollmentId }
  },
})

mutation('refundPayment', {
  description: 'Notes that a COMPLETED payment was given back. The enrollment stays as it is.',
  allow: ['ADMIN'],
  input: { id: globalId('Payment').describe('The payment, which must be COMPLETED.') },
  payload: { payment: one(Payment, 'The payment, as it is now.') },
  async run({ input: { id }, tx }) {
    await lockRows(tx, 'Payment', [id], 'change')
    const payment = await tx.payment.findUnique({ where: { id }, select: { status: true } })
    if (!payment) throw notFound('payment', 'input.id')
    if (payment.status !== 'COMPLETED') {
      throw conflict(
        `Only a COMPLETED payment is refunded, and this is ${payment.status}`,
        'input.id',
      )
    }
    await tx.payment.update({ where: { id }, data: { status: 'REFUNDED' } })
    return { payment: id }
  },
})
