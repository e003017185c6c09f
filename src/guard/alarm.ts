/** Something that happens at a time, unless it is called off before, as nearly all are. */
export interface Ringing {
  /** As `performance.now()` gives it. */
  readonly atMs: number
  /** The alarm's own: where it keeps it. @default null, as long as it is not set */
  place: number | null
  ring(): void
}

/** Rings for many by one timer: to start and stop one for each costs more than to keep a list. */
export interface Alarm {
  set(one: Ringing): void
  unset(one: Ringing): void
}

/**
 * An array, not a `Set`: whenever a set makes room it leaves its table behind with all that was in it
 * and a reference to the next one. Once such a table is old, the tables after it are kept with what
 * they hold until the whole heap is collected, which here was all that requests had read.
 */
export function createAlarm(): Alarm {
  const all: Ringing[] = []
  let timer: NodeJS.Timeout | undefined
  let ringsAtMs = Number.POSITIVE_INFINITY

  return {
    set(one) {
      one.place = all.push(one) - 1
      if (one.atMs < ringsAtMs) wind(one.atMs)
    },
    unset,
  }

  /** The timer stays: when it comes, it is wound for those who are left. */
  function unset(one: Ringing): void {
    const { place } = one
    if (place === null) return
    one.place = null
    const last = all.pop()
    if (!last || last === one) return
    last.place = place
    all[place] = last
  }

  function wind(atMs: number): void {
    clearTimeout(timer)
    ringsAtMs = atMs
    // Who waits for an answer keeps the process alive by other means.
    timer = setTimeout(ring, Math.max(0, atMs - performance.now())).unref()
  }

  function ring(): void {
    const nowMs = performance.now()
    ringsAtMs = Number.POSITIVE_INFINITY
    const due = all.filter(({ atMs }) => atMs <= nowMs)
    for (const one of due) unset(one)
    const nextMs = Math.min(...all.map(({ atMs }) => atMs))
    if (nextMs < ringsAtMs) wind(nextMs)
    for (const one of due) one.ring()
  }
}
