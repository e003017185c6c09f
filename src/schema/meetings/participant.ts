import { anyOf, parent } from '../../loaders/where.ts'
import type { Rule } from '../builder.ts'

/** Meetings that the person at hand hosts or was invited to. */
export const participant: Rule<'Meeting'> = anyOf(
  { hostId: parent('id') },
  { attendees: { some: { userId: parent('id') } } },
)
