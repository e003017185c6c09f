/** Chance that can be had again: the same seed draws the same. */
export interface Random {
  /** From 0 to 1. */
  share(): number
  /** From 0 to below `end`. */
  below(end: number): number
  pick<Item>(items: readonly Item[]): Item
  /** One of the items, the earlier the more often (Zipf, s = 1). */
  favour<Item>(items: readonly Item[]): Item
  chance(probability: number): boolean
}

/** Mulberry32: 32 bits of state suffice to vary a workload. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function share() {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(share() * end)
  function at<Item>(items: readonly Item[], index: number): Item {
    if (items.length === 0) throw new Error('There is nothing to choose from')
    // The index is below the length.
    return items[index] as Item
  }
  return {
    share,
    below,
    pick: (items) => at(items, below(items.length)),
    favour: (items) => at(items, Math.floor(items.length ** share()) - 1),
    chance: (probability) => share() < probability,
  }
}
