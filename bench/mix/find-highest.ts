/** Doubles the rate until it is not bearable, then halves the gap three times. */
export async function findHighest<T>({
  from,
  run,
  isBearable,
}: {
  readonly from: number
  readonly run: (rate: number) => Promise<T>
  readonly isBearable: (result: T) => boolean
}): Promise<{ readonly highest: number; readonly tried: readonly T[] }> {
  const tried: T[] = []
  const bears = async (rate: number) => {
    const result = await run(rate)
    tried.push(result)
    return isBearable(result)
  }
  let low = from
  while (!(await bears(low))) {
    low /= 2
    if (low < 1) throw new Error('No rate is bearable')
  }
  let high = low * 2
  if (low === from) {
    while (await bears(high)) {
      low = high
      high *= 2
    }
  }
  for (let step = 0; step < 3; step += 1) {
    const middle = (low + high) / 2
    if (await bears(middle)) low = middle
    else high = middle
  }
  return { highest: low, tried }
}
