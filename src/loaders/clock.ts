import type { ReadSet } from '../tags/read-set.ts'

/** How exactly an answer depends on the time: it ends when the next one of these begins, in UTC. */
export type Granularity = 'day' | 'hour' | 'minute'

/**
 * The time for an operation: the begin of the current day, hour or minute, as RFC 3339 text in UTC.
 * It is the same for all fields of the operation, however long that takes.
 */
export type Now = (granularity: Granularity) => string

const lengthsMs: Readonly<Record<Granularity, number>> = {
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
}

/**
 * The only clock of what computes answers: each look at it ends the answer's life at the next boundary.
 *
 * @param clockMs milliseconds since 1970
 */
export function createNow(readSet: Pick<ReadSet, 'endLife'>, clockMs: () => number): Now {
  let atMs: number | undefined
  return (granularity) => {
    atMs ??= clockMs()
    const lengthMs = lengthsMs[granularity]
    const beginMs = Math.floor(atMs / lengthMs) * lengthMs
    readSet.endLife(beginMs + lengthMs)
    return new Date(beginMs).toISOString().replace('.000Z', 'Z')
  }
}
