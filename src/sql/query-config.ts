import type { CustomTypesConfig, QueryArrayConfig } from 'pg'
import type { Statement } from './database.ts'
import { decoders } from './decode-value.ts'

/** A statement for `pg`, unnamed, whose values arrive as `Queryable` promises. */
export function toQueryConfig(statement: Statement, values: readonly unknown[]): QueryArrayConfig {
  return { text: statement.text, values: [...values], rowMode: 'array', types }
}

/** Decodes for one query only: Prisma's adapter and pg's global table stay as they are. */
const types: CustomTypesConfig = {
  getTypeParser: (oid: number) => decoders.get(oid) ?? keepText,
}

function keepText(text: string): string {
  return text
}
