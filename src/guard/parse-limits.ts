import { isLimitName, type LimitName, type Limits, limitTable } from './limits.ts'

/**
 * Limits as they stand in the environment: `depth=12, cost=8000`. Null for what is not of that form,
 * names a limit that there is not, or names one twice; 0 is no limit, but nothing at all.
 */
export function parseLimits(text: string): Readonly<Partial<Limits>> | null {
  const limits = new Map<LimitName, number>()
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name = '', digits = ''] = /^\s*(\w+)\s*=\s*([\d_]{1,12})\s*$/.exec(part) ?? []
    const value = Number(digits.replaceAll('_', ''))
    if (!isLimitName(name) || digits === '' || limits.has(name)) return null
    limits.set(name, value)
  }
  return Object.fromEntries(limits)
}

export const limitsSyntax = `limits of the table with commas between, like depth=12,cost=8000; there are ${Object.keys(limitTable).join(', ')}`
