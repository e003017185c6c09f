import { entity } from '../builder.ts'
import { enrolled } from './enrolled.ts'

/** One ordering for every list of courses. */
export const courseOrder = entity.order('Course', {
  enum: 'CourseOrder',
  description: 'Orders in which courses can be listed.',
  values: {
    NEWEST: {
      description: 'By publication, latest first; courses never published stand before them.',
      by: [{ publishedAt: 'desc' }],
    },
    TITLE: { description: 'By title, A first.', by: [{ title: 'asc' }] },
    MOST_ENROLLED: {
      description: 'By the number of students enrolled, most first.',
      by: [{ count: 'enrollments', where: enrolled, direction: 'desc' }],
    },
  },
})
