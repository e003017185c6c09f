/** A stream of numbers in [0, 1), the same for the same seed (mulberry32, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Draws by Zipf's law: the item at rank k, from 1, in proportion to k^-s. */
export function zipf<T>(items: readonly T[], s: number, random: () => number): () => T {
  return weighted(
    items.map((item, index) => [item, (index + 1) ** -s] as const),
    random,
  )
}

/** Draws in proportion to the weights. */
export function weighted<T>(
  choices: readonly (readonly [item: T, weight: number])[],
  random: () => number,
): () => T {
  const bounds: number[] = []
  let total = 0
  for (const [, weight] of choices) {
    total += weight
    bounds.push(total)
  }
  return () => {
    const point = random() * total
    let low = 0
    let high = bounds.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((bounds[middle] ?? 0) > point) high = middle
      else low = middle + 1
    }
    const drawn = choices[low]
    if (!drawn) throw new RangeError('There is nothing to draw from')
    return drawn[0]
  }
}

/** In an order of chance, the same for the same seed. */
export function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item)
}
