import type { TestApp } from '../support/start-test-app.ts'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What `/metrics` would say, without a request that counts itself. */
export async function readSamples({ observation }: Pick<TestApp, 'observation'>) {
  return parseSamples(await observation.metrics.text())
}

function parseSamples(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', of = '']) => [
          label,
          of,
        ]),
      ),
      value: Number(value),
    }),
  )
}

/** The sum of a metric over all series that have these labels; of a histogram its count. */
export function sumOf(
  samples: readonly Sample[],
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return samples
    .filter(({ name }) => name === metric || name === `${metric}_count`)
    .filter((sample) => Object.entries(labels).every(([key, of]) => sample.labels[key] === of))
    .reduce((sum, { value }) => sum + value, 0)
}

/** Names of metrics as their HELP lines have them. */
export function metricNames(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name)
}
