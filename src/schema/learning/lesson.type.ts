import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'
import { courseVisible } from './course.type.ts'
import { enrolled } from './enrolled.ts'

const bodyReadable: Rule<'Lesson'> = anyOf(
  role('ADMIN'),
  { course: { teacherId: viewerId } },
  { course: { enrollments: { some: { studentId: viewerId, ...enrolled } } } },
)

export const Lesson = entity.object('Lesson', {
  model: 'Lesson',
  maxAge: minutes(30),
  description:
    'A lesson of a course. Whoever sees the course sees its lessons, but not their text.',
  visible: { course: courseVisible },
  fields: (t) => ({
    position: t.column('position', {
      description: 'Its place among the lessons of the course, counted from 1, without gaps.',
    }),
    title: t.column('title', { description: 'The name of the lesson.' }),
    body: t.column('body', {
      description:
        'The text of the lesson, for students enrolled in the course, its teacher and admins. Long: ask for it only where it is shown.',
      guard: bodyReadable,
    }),
    durationMinutes: t.column('durationMinutes', {
      description: 'How long the lesson takes, in minutes, as its teacher estimates.',
    }),
    createdAt: t.column('createdAt', { description: 'When the lesson was added.' }),
    updatedAt: t.column('updatedAt', { description: 'When the lesson changed last.' }),
    course: t.one('course', { description: 'The course that it belongs to.', inherits: true }),
  }),
})
