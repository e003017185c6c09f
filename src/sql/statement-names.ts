import { createHash } from 'node:crypto'

/**
 * The names under which connections keep what Prisma writes prepared: it has few texts, but long ones,
 * and PostgreSQL takes longer to plan most of them than to run them.
 */
export interface StatementNames {
  /** Empty: it stays unnamed. */
  nameOf(text: string): string
  /** To be called with what a statement failed with. */
  noteFailure(error: unknown): void
}

/** Texts that have a name; lists of values of each length have their own. */
const mostNames = 300

/**
 * A server refuses a prepared statement: a column has changed since (0A000), or it is gone (26000). It
 * says 0A000 of what it does not support too, and only its message, in its own language, tells which.
 */
const outgrown = ['0A000', '26000']

export function createStatementNames(): StatementNames {
  const names = new Map<string, string>()
  let generation = 0
  return {
    nameOf(text) {
      const known = names.get(text)
      if (known !== undefined) return known
      if (names.size >= mostNames || !isPlanned(text)) return ''
      const digest = createHash('sha1').update(text).digest('base64url')
      const name = `llp${generation}_${digest.slice(0, 20)}`
      names.set(text, name)
      return name
    },
    noteFailure(error) {
      if (!outgrown.includes(codeOf(error))) return
      // Every connection may have it, so all get new ones.
      generation += 1
      names.clear()
    },
  }
}

/** Nothing else has a plan to keep. */
function isPlanned(text: string): boolean {
  return /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(text)
}

/** As the driver's error has it, or Prisma's, which keeps it as its cause. */
function codeOf(error: unknown): string {
  const { cause, code } = error as {
    readonly cause?: { readonly originalCode?: unknown }
    readonly code?: unknown
  }
  return String(cause?.originalCode ?? code)
}
