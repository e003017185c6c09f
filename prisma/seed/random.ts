/** A repeatable stream of random numbers. */
export interface Random {
  /** At least 0, less than 1. */
  unit(): number
  /** A whole number of at least 0 and less than `limit`. */
  below(limit: number): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<Item>(list: readonly Item[]): Item
  /** Shuffles in place, and returns the same list. */
  shuffle<List extends number[] | Uint32Array>(list: List): List
}

/**
 * The same seed and stream give the same numbers on every machine. Each table draws from a stream of
 * its own, so that a change to one leaves the rows of the others as they were, and the rows of a
 * table can be drawn a second time instead of being kept.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand).
 */
export function createRandom(seed: number, stream: string): Random {
  let a = hash32(stream, 0x9e3779b9)
  let b = hash32(String(seed), 0x243f6a88)
  let c = hash32(`${seed}/${stream}`, 0xb7e15162)
  let counter = 1
  for (let round = 0; round < 12; round++) next()

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }

  function below(limit: number): number {
    return Math.floor((next() / 0x1_0000_0000) * limit)
  }

  return {
    unit: () => next() / 0x1_0000_0000,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability * 0x1_0000_0000,
    // `below` stays within the list, which the caller promises not to be empty.
    pick: <Item>(list: readonly Item[]) => list[below(list.length)] as Item,
    shuffle(list) {
      for (let last = list.length - 1; last > 0; last--) {
        const other = below(last + 1)
        // Both places are within the list.
        const kept = list[last] as number
        list[last] = list[other] as number
        list[other] = kept
      }
      return list
    },
  }
}

/** FNV-1a over the text, then mixed. */
export function hash32(text: string, start: number): number {
  let hash = start | 0
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return mix32(hash)
}

/** A permutation of the 32-bit numbers, so that different inputs never meet (Wellons' lowbias32). */
export function mix32(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
