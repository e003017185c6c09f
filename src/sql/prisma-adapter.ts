import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils'
import type { EndedStatement } from '../observe/events.ts'
import type { RawRow } from './database.ts'
import { carriedStatementText, unpackStatement } from './transaction.ts'

/** What the adapters that we build on do not do, or not as we need it. */
export interface AdapterExtension<Client> {
  /** Runs one statement on the connection of a transaction; values as `Queryable` promises. */
  readonly query: (
    client: Client,
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
  ) => Promise<readonly RawRow[]>
  /** Runs a whole script as one simple query, and rejects when it fails. */
  readonly runScript: (script: string) => Promise<unknown>
  /** Told of each statement that Prisma makes itself. @default nobody */
  readonly tell?: ((ended: EndedStatement) => void) | undefined
  /** Told what such a statement failed with. @default nobody */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/**
 * Prisma's adapter with two additions: a transaction runs the statements that
 * `createTransactionQueryable` sends through it as the pool would, and a script runs whole (one
 * adapter splits it at each semicolon, the other does not wait for it).
 */
export function extendAdapter<Client>(
  factory: SqlDriverAdapterFactory,
  extension: AdapterExtension<Client>,
): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter = await factory.connect()
      const startTransaction = adapter.startTransaction.bind(adapter)
      return Object.assign(telling(adapter, extension), {
        executeScript: (script: string) => runScript(extension, script),
        startTransaction: async (...args: Parameters<typeof startTransaction>) =>
          carryStatements(telling(await startTransaction(...args), extension), extension),
      })
    },
  }
}

function telling<Runner extends SqlQueryable>(
  runner: Runner,
  { tell, onFailure }: Pick<AdapterExtension<unknown>, 'tell' | 'onFailure'>,
): Runner {
  if (!tell && !onFailure) return runner
  const timed = async <Result>(
    { sql, args }: SqlQuery,
    run: () => Promise<Result>,
    rowsOf: (result: Result) => number,
  ) => {
    // Told by whoever sent it.
    if (sql === carriedStatementText) return run()
    const startMs = performance.now()
    const end = (rows: number, isFailed: boolean) => {
      const statement = { name: '', text: sql }
      const ended = { statement, values: args, startMs, ms: performance.now() - startMs }
      tell?.({ ...ended, rows, isFailed, batch: 0, paths: [] })
    }
    try {
      const result = await run()
      end(rowsOf(result), false)
      return result
    } catch (error) {
      end(0, true)
      onFailure?.(error)
      throw error
    }
  }
  const queryRaw = runner.queryRaw.bind(runner)
  const executeRaw = runner.executeRaw.bind(runner)
  return Object.assign(runner, {
    queryRaw: (query: SqlQuery) =>
      timed(
        query,
        () => queryRaw(query),
        ({ rows }) => rows.length,
      ),
    executeRaw: (query: SqlQuery) =>
      timed(
        query,
        () => executeRaw(query),
        (rows) => rows,
      ),
  })
}

function carryStatements<Client>(
  transaction: Transaction,
  extension: AdapterExtension<Client>,
): Transaction {
  // Both adapters keep the connection of a transaction in this field.
  const { client } = transaction as unknown as { client: Client }
  const queryRaw = transaction.queryRaw.bind(transaction)
  return Object.assign(transaction, {
    queryRaw: async (query: SqlQuery): Promise<SqlResultSet> => {
      if (query.sql !== carriedStatementText) return queryRaw(query)
      const { statement, values } = unpackStatement(query.args[0])
      const carried = await extension.query(client, statement, values).then(
        (rows) => rows.map((row) => [row, null]),
        (failure: unknown) => [[null, failure]],
      )
      return {
        columnNames: carriedColumns,
        // Prisma hands on a value of type Text untouched, so rows and errors travel whole.
        columnTypes: [ColumnTypeEnum.Text, ColumnTypeEnum.Text],
        rows: carried as readonly unknown[] as SqlResultSet['rows'],
      }
    },
  })
}

const carriedColumns = ['row', 'failure']

async function runScript<Client>(extension: AdapterExtension<Client>, script: string) {
  try {
    await extension.runScript(script)
  } catch (error) {
    throw describeFailure(error)
  }
}

/** The shape in which Prisma's engine reports a failed script with its SQLSTATE and message. */
function describeFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code === 'undefined') {
    return error
  }
  const { message, code, severity, detail, column, hint } = error as Error &
    Record<'code' | 'severity', string> &
    Record<'detail' | 'column' | 'hint', string | undefined>
  return new DriverAdapterError({
    kind: 'postgres',
    originalCode: code,
    originalMessage: message,
    code,
    severity: severity ?? 'ERROR',
    message,
    detail,
    column,
    hint,
  })
}
