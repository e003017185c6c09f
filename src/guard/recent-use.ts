/** Who had operations running lately, and how much of the time. */
export interface RecentUse {
  /** Notes that somebody asks. */
  asks(viewer: string): void
  /** Notes that an operation of a viewer, who has asked, has run for so long. */
  ran(viewer: string, ms: number): void
  /** How many of a viewer's operations ran at a time, on the average of about a second. */
  concurrencyOf(viewer: string): number
  /** Viewers who asked within the last second or two. */
  readonly viewers: number
}

interface Use {
  /** Of which `1 / e` is left after each period. */
  ms: number
  atMs: number
}

const periodMs = 1_000

export function createRecentUse(nowMs: () => number): RecentUse {
  let recent = new Map<string, Use>()
  let before = new Map<string, Use>()
  let turnsAtMs = nowMs() + periodMs

  return {
    asks(viewer) {
      turn()
      if (recent.has(viewer)) return
      recent.set(viewer, before.get(viewer) ?? { ms: 0, atMs: nowMs() })
      before.delete(viewer)
    },
    ran(viewer, ms) {
      const use = recent.get(viewer) ?? before.get(viewer)
      if (!use) return
      use.ms = left(use) + periodMs * (1 - Math.exp(-ms / periodMs))
      use.atMs = nowMs()
    },
    concurrencyOf(viewer) {
      const use = recent.get(viewer) ?? before.get(viewer)
      return use ? left(use) / periodMs : 0
    },
    get viewers() {
      turn()
      return recent.size + before.size
    },
  }

  function left({ ms, atMs }: Use): number {
    return ms * Math.exp((atMs - nowMs()) / periodMs)
  }

  function turn(): void {
    const now = nowMs()
    if (now < turnsAtMs) return
    before = now < turnsAtMs + periodMs ? recent : new Map()
    recent = new Map()
    turnsAtMs = now + periodMs
  }
}
