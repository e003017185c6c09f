import { type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql'
import { createViewer, type Identity, type Viewer } from '../../src/guard/viewer.ts'
import { createNow } from '../../src/loaders/clock.ts'
import { createLoaders, type Loaders } from '../../src/loaders/loaders.ts'
import type { Queryable } from '../../src/sql/database.ts'
import type { Datamodel } from '../../src/sql/datamodel.ts'
import { createStatementCache } from '../../src/sql/statements.ts'
import { createTally, type Tally } from '../../src/sql/tally.ts'
import { createReadSet, type ReadSet } from '../../src/tags/read-set.ts'
import { askedAt } from './domain-rows.ts'

export interface Asking {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly viewer?: Identity | null
  /** @default true */
  readonly isBatching?: boolean
  /** @default true where loads are batched */
  readonly watchesShapes?: boolean
  readonly signal?: AbortSignal
}

/** A request's answer with what it cost and what it depends on. */
export interface Answer {
  readonly result: ExecutionResult
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for.
  readonly data: any
  /** Path, and code or message, of each error. */
  readonly errors: readonly string[]
  readonly tally: Tally
  readonly readSet: ReadSet
  readonly viewer: Viewer
  readonly loaders: Loaders
}

/** Asks a schema made with the library's parts alone, without an app around it. */
export function createAsker(options: {
  readonly schema: GraphQLSchema
  readonly datamodel: Datamodel
  readonly queryable: Queryable
}) {
  const statements = createStatementCache()
  return async (text: string, asking: Asking = {}): Promise<Answer> => {
    const { schema, datamodel, queryable } = options
    const { isBatching = true, watchesShapes = isBatching } = asking
    const document = parse(text)
    const [invalid] = validate(schema, document)
    if (invalid) throw new Error(`${invalid.message}\n${text}`)
    const viewer = createViewer(asking.viewer ?? null)
    const readSet = createReadSet()
    const tally = createTally({ watchesShapes })
    const shared = { datamodel, queryable, statements, viewer, tally, readSet, isBatching }
    const now = createNow(readSet, () => Date.parse(askedAt))
    const loaders = createLoaders({ ...shared, signal: asking.signal })
    const result = await execute({
      schema,
      document,
      variableValues: asking.variables ?? {},
      contextValue: { viewer, loaders, readSet, now },
    })
    const data = JSON.parse(JSON.stringify(result.data ?? null))
    return { result, data, errors: printErrors(result), tally, readSet, viewer, loaders }
  }
}

/** Where each error is, and its code; GraphQL's own have none, but a message. */
export function printErrors({ errors = [] }: ExecutionResult): readonly string[] {
  return errors
    .map(({ path, extensions, message }) => `${path?.join('.')} ${extensions.code ?? message}`)
    .sort()
}
