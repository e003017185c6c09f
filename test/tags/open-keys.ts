import { generateTriggers } from '../../src/capture/generate-triggers.ts'
import type { Tag } from '../../src/tags/tag.ts'
import { createProbe } from '../capture/probe.ts'
import { createAsker } from '../loaders/ask-loaders.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { createKeySchema, createKeyTables } from './key-tables.ts'
import { named, type Pair, unnamed } from './key-types.ts'

/** Tables for keys of every type with their triggers, and what a test asks and writes them by. */
export async function openKeys() {
  const pairs = Object.entries({ ...named, ...unnamed }).map(
    ([name, { parent, child = parent }]) => ({ name, parent, child }),
  )
  const { datamodel, sql } = createKeyTables(pairs)
  const database = await openTestDatabase()
  const adapter = await database.adapter.connect()
  await adapter.executeScript(sql)
  await adapter.executeScript(generateTriggers(datamodel))
  const probe = createProbe(database)
  const schema = createKeySchema(pairs, datamodel)
  return {
    probe,
    ask: createAsker({ schema, datamodel, queryable: database }),
    /** One parent for each key, each with one child, numbered alike. */
    async fill(name: string, { keys, parent, child = parent }: Pair): Promise<void> {
      await probe.run(`TRUNCATE "parent_${name}", "child_${name}", "friends_${name}"`)
      for (const [index, key] of keys.entries()) {
        await probe.run(`INSERT INTO "parent_${name}" VALUES ($1::text::${parent.sqlType})`, [key])
        await probe.run(
          `INSERT INTO "child_${name}" VALUES ($1, $2::text::${parent.sqlType}::${child.sqlType}, 'n')`,
          [index, key],
        )
      }
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export function common(left: ReadonlySet<Tag>, announced: readonly Tag[]): readonly Tag[] {
  return announced.filter((tag) => left.has(tag))
}
