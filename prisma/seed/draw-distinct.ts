import type { Random } from './random.ts'

/** Draws `count` different numbers below the limit; `taken` are not drawn. */
export type DrawDistinct = (count: number, taken?: readonly number[]) => readonly number[]

/**
 * Small numbers come up more often than large ones, as a few people are in everything: the first of
 * n is about sqrt(n) times as frequent as the average. Leave a quarter of the numbers undrawn, or
 * the last of a draw are searched for.
 */
export function createDrawDistinct(random: Random, limit: number): DrawDistinct {
  const lastDraw = new Uint32Array(limit)
  let draw = 0
  return (count, taken = []) => {
    if (count + taken.length > limit) throw new RangeError(`${count} of ${limit} cannot be drawn`)
    draw++
    for (const number of taken) lastDraw[number] = draw
    return Array.from({ length: count }, () => {
      const number = findFree()
      lastDraw[number] = draw
      return number
    })
  }

  function findFree(): number {
    for (let attempt = 0; attempt < 3; attempt++) {
      const unit = random.unit()
      const number = Math.floor(unit * unit * limit)
      if (lastDraw[number] !== draw) return number
    }
    let number = random.below(limit)
    while (lastDraw[number] === draw) number = (number + 1) % limit
    return number
  }
}
