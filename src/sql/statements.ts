import { createHash } from 'node:crypto'
import type { Statement } from './database.ts'

/** Distinct statements remembered at once; a document's worth is about ten. */
const mostStatements = 2_000

/**
 * Statements by the key of their shape, compiled on first use. The oldest go first: the bound also
 * bounds what each connection keeps prepared, as a name is the digest of its text.
 */
export interface StatementCache {
  /** `compile` makes the text, and whatever else reading the statement's rows needs every time. */
  get<Compiled extends Compilation>(key: string, compile: () => Compiled): Statement & Compiled
  readonly size: number
}

type Compilation = Pick<Statement, 'text' | 'isQuick'>

export function createStatementCache(most: number = mostStatements): StatementCache {
  const statements = new Map<string, Statement>()
  return {
    get size() {
      return statements.size
    },
    get<Compiled extends Compilation>(key: string, compile: () => Compiled) {
      const known = statements.get(key)
      if (known) return known as Statement & Compiled // a key is always compiled by the same code
      const compiled = compile()
      const made = { ...compiled, ...createStatement(compiled.text, compiled.isQuick) }
      if (statements.size >= most) {
        const [oldest] = statements.keys()
        if (oldest !== undefined) statements.delete(oldest)
      }
      statements.set(key, made)
      return made
    },
  }
}

export function createStatement(text: string, isQuick = false): Statement {
  const digest = createHash('sha1').update(text).digest('base64url')
  return { name: `ll_${digest.slice(0, 20)}`, text, isQuick }
}
