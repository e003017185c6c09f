/** Counts of durations in buckets that grow by 12 %, so that quantiles are right within 6 %. */
export interface LogHistogram {
  readonly count: number
  readonly sumMs: number
  add(ms: number): void
  include(other: LogHistogram): void
  clear(): void
  /** In ms; 0 when nothing was counted. */
  quantile(share: number): number
  readonly buckets: Uint32Array
}

const smallestMs = 0.01
const growth = Math.log(1.12)
/** Up to four minutes; what takes longer counts as that. */
const bucketCount = 150

export function createLogHistogram(): LogHistogram {
  const buckets = new Uint32Array(bucketCount)
  const histogram = {
    buckets,
    count: 0,
    sumMs: 0,
    add(ms: number) {
      const index = ms <= smallestMs ? 0 : Math.ceil(Math.log(ms / smallestMs) / growth)
      const bounded = Math.min(bucketCount - 1, index)
      buckets[bounded] = (buckets[bounded] ?? 0) + 1
      histogram.count += 1
      histogram.sumMs += ms
    },
    include(other: LogHistogram) {
      for (let index = 0; index < bucketCount; index += 1) {
        buckets[index] = (buckets[index] ?? 0) + (other.buckets[index] ?? 0)
      }
      histogram.count += other.count
      histogram.sumMs += other.sumMs
    },
    clear() {
      buckets.fill(0)
      histogram.count = 0
      histogram.sumMs = 0
    },
    quantile(share: number) {
      if (histogram.count === 0) return 0
      let left = Math.max(1, Math.ceil(share * histogram.count))
      const index = buckets.findIndex((found) => {
        left -= found
        return left <= 0
      })
      // The middle of the bucket, on the scale of its growth.
      return smallestMs * Math.exp(growth * (index - 0.5))
    },
  }
  return histogram
}
