import type { Explanation } from '../../src/observe/explain.ts'

export interface Asked {
  // Whatever was asked for.
  readonly data: ReturnType<typeof JSON.parse>
  readonly errors: ReturnType<typeof JSON.parse>
  readonly statements: Explanation['statements']
  readonly cache: Explanation['cache']
}

export interface AskOptions {
  /** A token. @default nobody's */
  readonly as?: string | undefined
  readonly variables?: object
}

/** Asks a started example, and what the answer took. */
export function askTracker(url: string) {
  return { ask, untilHit }

  async function ask(query: string, { as, variables }: AskOptions = {}): Promise<Asked> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'loadline-explain': '1',
        ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors, extensions } = await response.json()
    return { data, errors, ...extensions?.loadline }
  }

  /** A busy machine may not wait for the store, or beat too late, now and then. */
  async function untilHit(query: string, options?: AskOptions): Promise<Asked> {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const asked = await ask(query, options)
      if (asked.cache?.outcome === 'hit') return asked
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`It is never a hit: ${query}`)
  }
}
