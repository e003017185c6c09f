import type { Prisma } from '../../generated/prisma/client.ts'
import { newRowId } from '../row-id.ts'

/**
 * Enrolls students in a course, in one statement. Who had left comes back, with the progress they
 * had; who is enrolled stays as they are. Gives the ids of the enrollments that are new or back.
 */
export async function enrollStudents(
  tx: Prisma.TransactionClient,
  courseId: string,
  studentIds: readonly string[],
): Promise<readonly string[]> {
  // In the order of ids, so that two calls never wait for each other's rows.
  const sorted = [...studentIds].sort()
  const enrolled = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO "Enrollment" AS old ("id", "courseId", "studentId")
    SELECT id, ${courseId}::uuid, student
    FROM unnest(${sorted.map(newRowId)}::uuid[], ${sorted}::uuid[]) AS given(id, student)
    ON CONFLICT ("courseId", "studentId") DO UPDATE
    SET "status" = 'ACTIVE', "enrolledAt" = now(), "updatedAt" = now()
    WHERE old."status" = 'CANCELLED'
    RETURNING "id"`
  return enrolled.map(({ id }) => id)
}
