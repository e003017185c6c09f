import type { MeetingStatus, Prisma } from '../../generated/prisma/client.ts'
import { conflict, forbidden, notFound, type Writer } from '../authorize.ts'
import { lockRows } from '../lock-row.ts'
import { whereVisible } from '../visible-where.ts'
import { meetingVisible } from './meeting.type.ts'

/** A meeting that the viewer sees, and that nobody else changes until the transaction ends. */
export async function getMeeting(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  id: string,
  field = 'input.id',
) {
  await lockRows(tx, 'Meeting', [id], 'change')
  const meeting = await tx.meeting.findFirst({
    where: { id, AND: whereVisible(viewer, 'Meeting', meetingVisible) },
    select: { id: true, hostId: true, status: true },
  })
  if (!meeting) throw notFound('meeting', field)
  return meeting
}

/** Throws unless the viewer may change the meeting as its host, and it is in one of these states. */
export async function getHostedMeeting(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  id: string,
  states: readonly MeetingStatus[],
): Promise<void> {
  const { hostId, status } = await getMeeting(tx, viewer, id)
  if (hostId !== viewer.id && viewer.role !== 'ADMIN') {
    throw forbidden('Only its host and admins change a meeting', 'input.id')
  }
  requireState(status, states, 'input.id')
}

export function requireState(
  status: MeetingStatus,
  states: readonly MeetingStatus[],
  field: string,
): void {
  if (states.includes(status)) return
  throw conflict(`The meeting must be ${states.join(' or ')}, and it is ${status}`, field)
}
