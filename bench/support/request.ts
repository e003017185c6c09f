import { type ExecutionResult, execute, GraphQLError, parse } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { demoPeople } from '../../prisma/demo-people.ts'
import { createViewer } from '../../src/guard/viewer.ts'
import { createLoaders } from '../../src/loaders/loaders.ts'
import { domain } from '../../src/schema/domain.ts'
import type { Database } from '../../src/sql/database.ts'
import { createStatementCache } from '../../src/sql/statements.ts'
import { createTally, type Tally } from '../../src/sql/tally.ts'
import { createReadSet } from '../../src/tags/read-set.ts'

export interface Answer {
  readonly text: string
  readonly data: NonNullable<ExecutionResult['data']>
  readonly tally: Tally
}

type Variables = Readonly<Record<string, unknown>>

/** Answers documents as the server does for an admin, from the context to the JSON, without HTTP. */
export function createAnswerer(database: Database) {
  const statements = createStatementCache()
  const admin = demoPeople.find(({ role }) => role === 'ADMIN')
  if (!admin) throw new Error('The demo people have no admin')

  const createContext = () => {
    const viewer = createViewer(admin)
    const tally = createTally({ watchesShapes: false })
    const readSet = createReadSet()
    const { datamodel } = domain
    const { signal } = new AbortController()
    const shared = { datamodel, statements, viewer, tally, readSet, signal }
    return { ...shared, loaders: createLoaders({ ...shared, queryable: database }) }
  }

  return {
    interpreted: (query: string, variableValues: Variables = {}) => {
      const document = parse(query)
      return () =>
        answer(createContext(), async (contextValue) =>
          execute({ schema: domain.schema, document, contextValue, variableValues }),
        )
    },
    compiled: (query: string, variables: Variables = {}) => {
      const compiled = compileQuery(domain.schema, parse(query))
      if (!isCompiledQuery(compiled)) throw new Error('The query does not compile')
      return () =>
        answer(createContext(), async (context) => compiled.query({}, context, variables))
    },
  }
}

async function answer<Context extends { readonly tally: Tally }>(
  context: Context,
  run: (context: Context) => Promise<ExecutionResult>,
): Promise<Answer> {
  const result = await run(context)
  if (result.errors?.[0]) throw new GraphQLError(result.errors[0].message)
  if (!result.data) throw new Error('The query gave no data')
  return { text: JSON.stringify(result), data: result.data, tally: context.tally }
}
