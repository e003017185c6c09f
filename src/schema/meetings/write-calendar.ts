import type { Prisma } from '../../generated/prisma/client.ts'
import { newRowId } from '../row-id.ts'

/** Puts a meeting, as it is now, into a person's calendar, once. Needs the meeting's lock. */
export async function writeCalendar(
  tx: Prisma.TransactionClient,
  meetingId: string,
  userId: string,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "CalendarEvent" ("id", "userId", "meetingId", "title", "startsAt", "endsAt")
    SELECT ${newRowId()}::uuid, ${userId}::uuid, m."id", m."title", m."startsAt", m."endsAt"
    FROM "Meeting" AS m
    WHERE m."id" = ${meetingId}::uuid AND NOT EXISTS (
      SELECT 1 FROM "CalendarEvent" WHERE "meetingId" = m."id" AND "userId" = ${userId}::uuid
    )`
}
