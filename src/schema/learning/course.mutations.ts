import type { Prisma } from '../../generated/prisma/client.ts'
import { conflict, getSubjectId } from '../authorize.ts'
import { currency, globalId, maybe, money, slug, text } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { present } from '../present.ts'
import { badInput, issue } from '../validate.ts'
import { Course } from './course.type.ts'
import { getOwnCourse } from './get-course.ts'

const fields = {
  title: text(200).describe('Its name, at most 200 characters.'),
  slug: slug().describe(
    'Its unique name in web addresses: at most 80 lower case letters, digits and single hyphens.',
  ),
  summary: text(500).describe('One or two sentences for lists, at most 500 characters.'),
  description: text(20_000, { mayBeEmpty: true }).describe(
    'The text of the course page, at most 20,000 characters.',
  ),
  priceCents: money().describe('What enrolling costs, in hundredths of `currency`; 0 is free.'),
  currency: currency().describe('The currency of the price, as ISO 4217 writes it: `EUR`.'),
}

mutation('createCourse', {
  description: 'Begins a course as a DRAFT, which only its teacher and admins see.',
  allow: ['TEACHER', 'ADMIN'],
  input: {
    ...fields,
    teacherId: maybe(globalId('User')).describe(
      'Who teaches it; the viewer when left out. Only admins may name somebody else.',
    ),
    priceCents: maybe(fields.priceCents).describe('The price in cents; free when left out.'),
    currency: maybe(fields.currency).describe('The currency of the price; `EUR` when left out.'),
  },
  payload: { course: one(Course, 'The new course.') },
  async run({ input, tx, viewer }) {
    const { teacherId: given, priceCents = 0, currency = 'EUR', ...texts } = input
    const teacherId = await getSubjectId(tx, viewer, given, 'input.teacherId')
    const teacher = await tx.user.findUniqueOrThrow({ where: { id: teacherId } })
    if (teacher.role === 'STUDENT') {
      throw badInput([issue(['input', 'teacherId'], 'must be a teacher, not a student')])
    }
    await keepSlugUnique(tx, texts.slug, null)
    const course = await tx.course.create({
      data: { ...texts, priceCents, currency, teacherId },
      select: { id: true },
    })
    return { course: course.id }
  },
})

mutation('updateCourse', {
  description: 'Changes what is given of a course; what is left out stays.',
  allow: ['TEACHER', 'ADMIN'],
  input: {
    id: globalId('Course').describe('The course to change.'),
    title: fields.title.optional(),
    slug: fields.slug.optional(),
    summary: fields.summary.optional(),
    description: fields.description.optional(),
    priceCents: fields.priceCents.optional(),
    currency: fields.currency.optional(),
  },
  payload: { course: one(Course, 'The course, as it is now.') },
  async run({ input: { id, ...data }, tx, viewer }) {
    await getOwnCourse(tx, viewer, id)
    if (data.slug !== undefined) await keepSlugUnique(tx, data.slug, id)
    await tx.course.update({ where: { id }, data: present(data) })
    return { course: id }
  },
})

mutation('publishCourse', {
  description: 'Makes a DRAFT course ACTIVE: everybody sees it, and students can enroll.',
  allow: ['TEACHER', 'ADMIN'],
  input: { id: globalId('Course').describe('The course to publish.') },
  payload: { course: one(Course, 'The course, as it is now.') },
  async run({ input: { id }, tx, viewer }) {
    const { status } = await getOwnCourse(tx, viewer, id)
    if (status !== 'DRAFT')
      throw conflict(`Only a DRAFT is published, and this is ${status}`, 'input.id')
    await tx.$executeRaw`
      UPDATE "Course" SET "status" = 'ACTIVE', "publishedAt" = now(), "updatedAt" = now()
      WHERE "id" = ${id}::uuid`
    return { course: id }
  },
})

mutation('archiveCourse', {
  description: 'Closes an ACTIVE course for new students; those enrolled keep it.',
  allow: ['TEACHER', 'ADMIN'],
  input: { id: globalId('Course').describe('The course to archive.') },
  payload: { course: one(Course, 'The course, as it is now.') },
  async run({ input: { id }, tx, viewer }) {
    const { status } = await getOwnCourse(tx, viewer, id)
    if (status !== 'ACTIVE') {
      throw conflict(`Only an ACTIVE course is archived, and this is ${status}`, 'input.id')
    }
    await tx.course.update({ where: { id }, data: { status: 'ARCHIVED' } })
    return { course: id }
  },
})

/** Two calls at once can both pass; then the unique index refuses the second, as a conflict too. */
async function keepSlugUnique(
  tx: Prisma.TransactionClient,
  slug: string,
  ownId: string | null,
): Promise<void> {
  const other = await tx.course.findUnique({ where: { slug }, select: { id: true } })
  if (other && other.id !== ownId) throw conflict(`"${slug}" is another course's`, 'input.slug')
}
