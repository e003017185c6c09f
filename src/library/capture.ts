/**
 * `loadline/capture`: the triggers by which the database notes what every write changes, and the
 * outbox that they note it in. The command `loadline capture` writes the triggers as a migration.
 */
export { createDrainer, type DrainerOptions } from '../capture/create-drainer.ts'
export { findStaleTriggers } from '../capture/find-stale-triggers.ts'
export { findUncapturedTables } from '../capture/find-uncaptured-tables.ts'
export { generateTriggers, type TriggerOptions } from '../capture/generate-triggers.ts'
export {
  type Announce,
  deleteRows,
  drainOutbox,
  type OutboxRows,
  readOwnTags,
} from '../capture/outbox.ts'
