import type { Prisma } from '../../generated/prisma/client.ts'

/** The lessons of a course in their order. */
export async function findLessonIds(
  tx: Prisma.TransactionClient,
  courseId: string,
): Promise<readonly string[]> {
  const lessons = await tx.lesson.findMany({
    where: { courseId },
    orderBy: { position: 'asc' },
    select: { id: true },
  })
  return lessons.map(({ id }) => id)
}

/**
 * Numbers the lessons of a course from 1, in this order; those that stand right are not written. The
 * unique index looks at each row as it is written, so they first move out of each other's way.
 * Needs the course's lock.
 */
export async function writeLessonOrder(
  tx: Prisma.TransactionClient,
  courseId: string,
  ids: readonly string[],
): Promise<void> {
  const moved = await tx.$executeRaw`
    UPDATE "Lesson" AS l SET "position" = l."position" + free.gap
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS given(id, place),
      (SELECT max("position") + ${ids.length}::int AS gap FROM "Lesson" WHERE "courseId" = ${courseId}::uuid) AS free
    WHERE l."id" = given.id AND l."courseId" = ${courseId}::uuid AND l."position" <> given.place`
  if (moved === 0) return
  await tx.$executeRaw`
    UPDATE "Lesson" AS l SET "position" = given.place, "updatedAt" = now()
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS given(id, place)
    WHERE l."id" = given.id AND l."courseId" = ${courseId}::uuid AND l."position" <> given.place`
}
