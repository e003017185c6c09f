/** Something that happens at a time, unless it is called off before, as nearly all are. */
export interface Ringing {
  /** As `performance.now()` gives it. */
  readonly atMs: number
  ring(): void
}

/** Rings for many by one timer: to start and stop one for each costs more than to keep a list. */
export interface Alarm {
  set(one: Ringing): void
  unset(one: Ringing): void
}

export function createAlarm(): Alarm {
  const all = new Set<Ringing>()
  let timer: NodeJS.Timeout | undefined
  let ringsAtMs = Number.POSITIVE_INFINITY

  return {
    set(one) {
      all.add(one)
      if (one.atMs < ringsAtMs) wind(one.atMs)
    },
    // The timer stays: when it comes, it is wound for those who are left.
    unset: (one) => void all.delete(one),
  }

  function wind(atMs: number): void {
    clearTimeout(timer)
    ringsAtMs = atMs
    // Who waits for an answer keeps the process alive by other means.
    timer = setTimeout(ring, Math.max(0, atMs - performance.now())).unref()
  }

  function ring(): void {
    const nowMs = performance.now()
    let nextMs = Number.POSITIVE_INFINITY
    for (const one of all) {
      if (one.atMs > nowMs) nextMs = Math.min(nextMs, one.atMs)
      else {
        all.delete(one)
        one.ring()
      }
    }
    ringsAtMs = Number.POSITIVE_INFINITY
    if (nextMs < ringsAtMs) wind(nextMs)
  }
}
