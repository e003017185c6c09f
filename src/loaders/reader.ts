import type { RawRow, Statement } from '../sql/database.ts'
import type { ReadSet } from '../tags/read-set.ts'
import type { Tag } from '../tags/tag.ts'
import { createStatementRunner, type StatementRunnerOptions } from './run-statement.ts'

/** Reads past the loaders, for the few things that belong to no entity. */
export interface Reader {
  /**
   * `tagsOf` names all that the statement has looked at, also where it found nothing. Without it, or
   * when it names nothing, nobody knows what the answer depends on: it is not stored.
   */
  read(
    statement: Statement,
    values: readonly unknown[],
    tagsOf?: (rows: readonly RawRow[]) => readonly Tag[],
  ): Promise<readonly RawRow[]>
}

export function createReader(
  options: StatementRunnerOptions & { readonly readSet: ReadSet },
): Reader {
  const { readSet } = options
  const runner = createStatementRunner(options)
  return {
    async read(statement, values, tagsOf) {
      const rows = await runner.run(statement, values, [])
      const tags = tagsOf?.(rows) ?? []
      for (const tag of tags) readSet.add(tag)
      if (tags.length === 0) readSet.forbid('A statement was run that left no tags')
      return rows
    },
  }
}
