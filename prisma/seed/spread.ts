import type { Random } from './random.ts'

export interface Skew {
  /** How many owners share the items. */
  readonly owners: number
  readonly total: number
  /** What the first owner gets; at least the average. */
  readonly largest: number
}

/**
 * Shares `total` items among owners by Zipf's law: rank k gets a share in proportion to k^-s, with
 * the exponent s for which the first rank gets `largest`. The sizes add up to the total, and fall
 * with the rank give or take one.
 */
export function zipfSizes({ owners, total, largest }: Skew): Uint32Array {
  if (largest * owners < total) {
    throw new RangeError(`${owners} owners of at most ${largest} items cannot hold ${total}`)
  }
  const exponent = findExponent(owners, total / largest)
  const sizes = new Uint32Array(owners)
  let exact = 0
  let given = 0
  // Rounding the running sum instead of each share keeps the total, and a tail of zeros and ones.
  for (let rank = 0; rank < owners; rank++) {
    exact += largest * (rank + 1) ** -exponent
    const size = Math.min(Math.round(exact) - given, total - given)
    sizes[rank] = size
    given += size
  }
  sizes[owners - 1] = (sizes[owners - 1] ?? 0) + total - given
  return sizes
}

/** The owner of each rank: `first` in its order, then all others as drawn. */
export function drawRanks(
  random: Random,
  owners: number,
  first: readonly number[] = [],
): Uint32Array {
  const others = Uint32Array.from({ length: owners }, (_, owner) => owner)
  const drawn = random.shuffle(others.filter((owner) => !first.includes(owner)))
  const ranks = new Uint32Array(owners)
  ranks.set(first)
  ranks.set(drawn, first.length)
  return ranks
}

/** How many items each owner gets: `zipfSizes` over ranks as `drawRanks` deals them. */
export function drawSizes(random: Random, skew: Skew, first: readonly number[] = []): Uint32Array {
  const byRank = zipfSizes(skew)
  const sizes = new Uint32Array(skew.owners)
  drawRanks(random, skew.owners, first).forEach((owner, rank) => {
    sizes[owner] = byRank[rank] ?? 0
  })
  return sizes
}

/**
 * The owner of each item, in an order as drawn in which up to `longestRun` items of one owner stay
 * together, as a class that enrolls at once does.
 */
export function interleave(random: Random, sizes: Uint32Array, longestRun: number): Uint32Array {
  const runOwners: number[] = []
  const runLengths: number[] = []
  sizes.forEach((size, owner) => {
    let left = size
    while (left > 0) {
      const length = Math.min(left, random.between(1, longestRun))
      runOwners.push(owner)
      runLengths.push(length)
      left -= length
    }
  })
  const items = new Uint32Array(sizes.reduce((sum, size) => sum + size, 0))
  let at = 0
  for (const run of random.shuffle(Uint32Array.from(runOwners.keys()))) {
    const end = at + (runLengths[run] ?? 0)
    items.fill(runOwners[run] ?? 0, at, end)
    at = end
  }
  return items
}

/** The s for which the sum of k^-s is `sum`: it falls as s rises, so an interval is halved. */
function findExponent(owners: number, sum: number): number {
  let low = 0
  let high = 8
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    let reached = 0
    for (let rank = 1; rank <= owners; rank++) reached += rank ** -middle
    if (reached > sum) low = middle
    else high = middle
  }
  return (low + high) / 2
}
