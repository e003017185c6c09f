import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import type pg from 'pg'

/** What figures depend on beside the code. */
export interface Machine {
  readonly node: string
  readonly postgresql: string
  readonly cores: number
  readonly model: string
  readonly memoryGb: number
  /** Before and after. */
  readonly load: readonly [before: string, after: string]
  readonly packages: Readonly<Record<string, string>>
}

/** Begins to describe the machine; ends when the description is asked for. */
export async function watchMachine(client: pg.Client): Promise<() => Machine> {
  const load = () => (loadavg()[0] ?? 0).toFixed(2)
  const before = load()
  const { rows } = await client.query('SHOW server_version')
  const [cpu] = cpus()
  return () => ({
    node: process.version,
    postgresql: String(rows[0]?.server_version),
    cores: cpus().length,
    model: cpu?.model ?? '',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: [before, load()],
    packages: {
      loadline: read('../../package.json').version,
      ...read('../peers/package.json').dependencies,
    },
  })
}

export function describeMachine({
  node,
  postgresql,
  cores,
  model,
  memoryGb,
  load,
}: Machine): string {
  return `Node ${node}, PostgreSQL ${postgresql}, ${cores} cores of ${model}, ${memoryGb} GB, load ${load.join(' to ')}`
}

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}
