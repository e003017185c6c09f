import type { Tag } from '../tags/tag.ts'

/** The epoch of each tag's last announcement, in this process. */
export interface TagEpochs {
  /** The epoch of the latest announcement of all. */
  readonly latest: number
  /** Tags as old as this may be forgotten, so that whatever is older is dead. */
  readonly floor: number
  readonly size: number
  announce(tags: Iterable<Tag>): void
  /** Whether none of the tags was announced after the epoch. */
  isCurrent(tags: readonly Tag[], epoch: number): boolean
  /** Drops the tags that were announced before, a few at a time. */
  sweep(before: number): void
  /** Makes all that was captured until now dead. */
  raiseFloor(): void
}

const sweptAtOnce = 1_000

/**
 * Epochs are microseconds of `nowMs`, but rise at each announcement however the clock goes. A Map
 * keeps its keys in the order in which they were put in, so the oldest are always in front.
 */
export function createTagEpochs(options: {
  readonly nowMs: () => number
  readonly maxTags: number
}): TagEpochs {
  const { nowMs, maxTags } = options
  const epochs = new Map<Tag, number>()
  let latest = toEpoch(nowMs())
  let floor = latest
  const rise = () => {
    latest = Math.max(latest + 1, toEpoch(nowMs()))
  }
  return {
    get latest() {
      return latest
    },
    get floor() {
      return floor
    },
    get size() {
      return epochs.size
    },
    announce(tags) {
      rise()
      for (const tag of tags) {
        epochs.delete(tag)
        epochs.set(tag, latest)
      }
      drop(epochs.size - maxTags, latest)
    },
    isCurrent(tags, epoch) {
      if (epoch < floor) return false
      return epoch >= latest || tags.every((tag) => (epochs.get(tag) ?? 0) <= epoch)
    },
    sweep(before) {
      drop(sweptAtOnce, before - 1)
    },
    raiseFloor() {
      rise()
      floor = latest
    },
  }

  function drop(count: number, newest: number): void {
    let left = count
    for (const [tag, epoch] of epochs) {
      if (left <= 0 || epoch > newest) return
      epochs.delete(tag)
      floor = Math.max(floor, epoch)
      left -= 1
    }
  }
}

export function toEpoch(ms: number): number {
  return Math.floor(ms * 1_000)
}
