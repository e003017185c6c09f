import type { Queryable } from '../sql/database.ts'

/** The database as one viewer may use it. */
export type ShareConnections = (viewer: string) => Queryable

interface Share {
  running: number
  readonly waiting: (() => void)[]
}

/**
 * Lets each viewer run so many statements at a time, over all their requests: one document of twenty
 * lists, or twenty requests of one, cannot take every connection of the pool. Statements wait here
 * without holding anything that another would wait for.
 */
export function createConnectionShares(database: Queryable, perViewer: number): ShareConnections {
  const shares = new Map<string, Share>()

  return (viewer) => ({
    async query(statement, values, options) {
      const share = shares.get(viewer) ?? open(viewer)
      if (share.running < perViewer) share.running += 1
      // Whoever ends hands the place on, so the count stays.
      else await new Promise<void>((resolve) => share.waiting.push(resolve))
      try {
        return await database.query(statement, values, options)
      } finally {
        const next = share.waiting.shift()
        if (next) next()
        else leave(viewer, share)
      }
    },
  })

  function open(viewer: string): Share {
    const share: Share = { running: 0, waiting: [] }
    shares.set(viewer, share)
    return share
  }

  function leave(viewer: string, share: Share): void {
    share.running -= 1
    if (share.running === 0) shares.delete(viewer)
  }
}
