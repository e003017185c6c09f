import type { Rule } from '../builder.ts'

/** "Enrolled", wherever a permission or a figure speaks of it. */
export const enrolled = {
  status: { in: ['ACTIVE', 'COMPLETED'] },
} as const satisfies Rule<'Enrollment'>
