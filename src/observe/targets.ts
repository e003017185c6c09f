/** What a healthy process keeps to. `ops/loadline.rules.yml` encodes the same for Prometheus. */
export const targets = {
  /** 95 of 100 operations are answered sooner. */
  p95Ms: 100,
  /** Of all operations, those that failed by our fault. */
  errorRate: 0.001,
  /** Of look-ups that could have been hits. */
  hitRate: 0.8,
  memoryBytes: 512 * 1_024 * 1_024,
  /** Served answers that were out of date. */
  stale: 0,
  /** 95 of 100 statements wait less for a connection. */
  poolWaitMs: 10,
} as const

export interface Alert {
  /** As the rule in `ops/loadline.rules.yml` is called. */
  readonly name: string
  readonly what: string
  readonly value: number | null
  readonly target: number
  readonly unit: 'ms' | 'share' | 'bytes' | 'answers'
  /** `quiet`: too little has happened to tell. */
  readonly state: 'met' | 'firing' | 'quiet'
}

export interface Measured {
  readonly p95Ms: number
  readonly errorRate: number
  readonly hitRate: number | null
  readonly memoryBytes: number
  readonly stale: number
  readonly poolWaitMs: number
  /** Operations that these are figures of. */
  readonly requests: number
}

/** Fewer operations say nothing about shares and quantiles. */
const fewRequests = 20

export function judgeTargets(measured: Measured): readonly Alert[] {
  const { requests, hitRate } = measured
  const isTelling = requests >= fewRequests
  const above = (value: number, target: number, tells = true) =>
    ({ value, target, state: !tells ? 'quiet' : value > target ? 'firing' : 'met' }) as const
  const isCold = hitRate !== null && hitRate < targets.hitRate
  const hits = isTelling && hitRate !== null ? (isCold ? 'firing' : 'met') : 'quiet'
  return [
    {
      name: 'LoadlineSlow',
      what: 'p95 of operations',
      unit: 'ms',
      ...above(measured.p95Ms, targets.p95Ms, isTelling),
    },
    {
      name: 'LoadlineErrors',
      what: 'operations that failed',
      unit: 'share',
      ...above(measured.errorRate, targets.errorRate, isTelling),
    },
    {
      name: 'LoadlineColdCache',
      what: 'hits of look-ups',
      unit: 'share',
      value: hitRate,
      target: targets.hitRate,
      state: hits,
    },
    {
      name: 'LoadlineMemory',
      what: 'memory of the process',
      unit: 'bytes',
      ...above(measured.memoryBytes, targets.memoryBytes),
    },
    {
      name: 'LoadlineStale',
      what: 'answers out of date',
      unit: 'answers',
      ...above(measured.stale, targets.stale),
    },
    {
      name: 'LoadlinePoolWait',
      what: 'p95 of waits for a connection',
      unit: 'ms',
      ...above(measured.poolWaitMs, targets.poolWaitMs),
    },
  ]
}
