import { readFileSync, writeFileSync } from 'node:fs'
import { type Costs, round } from './judge-costs.ts'

const file = new URL('costs.json', import.meta.url)

/** What `npm run budgets` has found last, which may grow by the tolerances. */
export function readRecordedCosts(): Costs {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Keeps what else is recorded of the same names. */
export function recordCosts(measured: Costs): void {
  const all: Record<string, Costs[string]> = { ...readRecordedCosts() }
  for (const [name, costs] of Object.entries(measured)) {
    const rounded = Object.entries(costs).map(([measure, cost]) => [measure, round(cost)])
    all[name] = { ...all[name], ...Object.fromEntries(rounded) }
  }
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
}
