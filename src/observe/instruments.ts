import type { Metric, Registry } from 'prom-client'

/** What every instrument is called, and the names of its labels in the order of their values. */
export interface InstrumentOptions {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
}

export interface Counter {
  add(amount: number, ...labels: readonly string[]): void
}

export interface Histogram {
  observe(value: number, ...labels: readonly string[]): void
}

/**
 * Counters and histograms that a registry of prom-client prints. Its own look up and check their
 * labels by hashing them each time they move, which costs a microsecond each; a request moves twenty.
 */
export function createCounter(registry: Registry, options: InstrumentOptions): Counter {
  const series = createSeries(options, () => ({ count: 0 }))
  register(registry, options, 'counter', () =>
    series.list().map(({ labels, value }) => ({ labels, value: value.count })),
  )
  return {
    add(amount, ...labels) {
      series.of(labels).count += amount
    },
  }
}

/** @param bounds upper ends of the buckets, rising; what is above all of them is counted too */
export function createHistogram(
  registry: Registry,
  { bounds, ...options }: InstrumentOptions & { readonly bounds: readonly number[] },
): Histogram {
  const series = createSeries(options, () => ({
    buckets: new Float64Array(bounds.length),
    count: 0,
    sum: 0,
  }))
  const { name } = options
  register(registry, options, 'histogram', () =>
    series.list().flatMap(({ labels, value: { buckets, count, sum } }) => {
      let below = 0
      const counted = bounds.map((bound, index) => {
        below += buckets[index] ?? 0
        return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below }
      })
      return [
        ...counted,
        { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ]
    }),
  )
  return {
    observe(value, ...labels) {
      const found = series.of(labels)
      let index = 0
      while (index < bounds.length && value > (bounds[index] as number)) index += 1
      if (index < bounds.length) found.buckets[index] = (found.buckets[index] ?? 0) + 1
      found.count += 1
      found.sum += value
    },
  }
}

type Labels = Readonly<Record<string, string>>

interface Series<Value> {
  of(labels: readonly string[]): Value
  list(): readonly { readonly labels: Labels; readonly value: Value }[]
}

function createSeries<Value>(
  { labels: names = [] }: InstrumentOptions,
  create: () => Value,
): Series<Value> {
  const known = new Map<string, { readonly labels: Labels; readonly value: Value }>()
  const of = (labels: readonly string[]): Value => {
    const key = labels.length === 1 ? (labels[0] as string) : labels.join('\n')
    const found = known.get(key)
    if (found) return found.value
    const value = create()
    const named = Object.fromEntries(names.map((name, index) => [name, labels[index] ?? '']))
    known.set(key, { labels: named, value })
    return value
  }
  // Without labels there is one, from the start.
  if (names.length === 0) of([])
  return { of, list: () => [...known.values()] }
}

/** Of a metric a registry asks its name, and what to print. */
function register(
  registry: Registry,
  { name, help }: InstrumentOptions,
  type: 'counter' | 'histogram',
  read: () => readonly Printed[],
): void {
  const get = async () => ({ name, help, type, values: read(), aggregator: 'sum' })
  registry.registerMetric({ name, get } as unknown as Metric)
}

/** One line. */
interface Printed {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}
