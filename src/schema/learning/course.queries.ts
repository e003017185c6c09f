import { AppError } from '../../errors.ts'
import { allOf, anyOf, everybody } from '../../loaders/where.ts'
import { builder, entity, type Rule } from '../builder.ts'
import { parseGlobalId } from '../global-id.ts'
import { text } from '../input-values.ts'
import { parseSearch } from '../search.ts'
import { parseInput } from '../validate.ts'
import { courseOrder } from './course.order.ts'
import { Course } from './course.type.ts'
import { CourseStatus } from './learning.enums.ts'

const CourseFilter = builder.inputType('CourseFilter', {
  description: 'Which courses to list; entries that are left out say nothing.',
  fields: (t) => ({
    status: t.field({ type: CourseStatus, description: 'Only courses with this status.' }),
    teacherId: t.id({ description: 'Only courses of the teacher with this global id.' }),
    search: t.string({
      description:
        'Only courses whose title or summary contains this text, in any case; at most 100 characters.',
    }),
  }),
})

entity.query((t) => ({
  course: t.one(Course, {
    description:
      'A course by its id or by its slug (one of the two); null when there is none or the viewer may not see it.',
    args: {
      id: { type: 'ID', description: "The course's global id." },
      slug: { type: 'String', description: "The course's name in web addresses." },
    },
    by: findBy,
  }),
  courses: t.connection(Course, {
    description: 'The courses that the viewer may see.',
    args: {
      filter: { type: CourseFilter, description: 'Which courses to list; all by default.' },
    },
    where: ({ filter }) => (filter ? filtered(filter) : everybody),
    orderBy: courseOrder,
  }),
}))

interface CourseArgs {
  readonly id?: string | null | undefined
  readonly slug?: string | null | undefined
}

const slugText = text(80)

function findBy(args: CourseArgs): { readonly id: string } | { readonly slug: string } {
  const id = args.id ?? null
  const name = args.slug ?? null
  if (id !== null && name === null) return { id: parseGlobalId(id, 'Course', 'id') }
  if (name !== null && id === null) return { slug: parseInput(slugText, name, ['slug']) }
  const what = id === null ? 'neither' : 'both'
  throw new AppError('BAD_USER_INPUT', `"course" takes either "id" or "slug", got ${what}`, {
    field: id === null ? 'id' : 'slug',
  })
}

function filtered(filter: typeof CourseFilter.$inferInput): Rule<'Course'> {
  const teacherId = filter.teacherId ?? null
  const search = parseSearch(filter.search)
  return allOf(
    {
      status: filter.status ?? undefined,
      teacherId:
        teacherId === null ? undefined : parseGlobalId(teacherId, 'User', 'filter.teacherId'),
    },
    search === null
      ? everybody
      : anyOf({ title: { contains: search } }, { summary: { contains: search } }),
  )
}
