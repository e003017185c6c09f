import { defineEnum } from '../builder.ts'

export const CourseStatus = defineEnum('CourseStatus', {
  description: 'Where a course is in its life; it decides who can see the course.',
  values: {
    DRAFT: { description: 'Being written: only its teacher and admins see it.' },
    ACTIVE: { description: 'Published: everybody sees it and students can enroll.' },
    ARCHIVED: {
      description: 'Closed for new students: its teacher, admins and those enrolled still see it.',
    },
  },
})

export const EnrollmentStatus = defineEnum('EnrollmentStatus', {
  description: 'How a student stands in a course. ACTIVE and COMPLETED both count as enrolled.',
  values: {
    ACTIVE: { description: 'The student is taking the course.' },
    COMPLETED: { description: 'The student has finished the course and keeps access to it.' },
    CANCELLED: { description: 'The student has left the course and lost access to it.' },
  },
})

export const PaymentStatus = defineEnum('PaymentStatus', {
  description: 'Whether money has changed hands.',
  values: {
    PENDING: { description: 'Recorded, not received yet; `paidAt` is null.' },
    COMPLETED: { description: 'Received. Only these count as revenue.' },
    REFUNDED: { description: 'Received and given back.' },
  },
})
