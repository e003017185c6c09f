import type { TriggerOptions } from '../src/capture/generate-triggers.ts'

/** Which of the schema's tables nobody reads through GraphQL, so that their writes need no capture. */
export const captureOptions: TriggerOptions = { leaveOut: ['IdempotencyKey'] }
