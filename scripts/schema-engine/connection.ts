import { PrismaPg } from '@prisma/adapter-pg'
import {
  type ColumnType,
  ColumnTypeEnum,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import pg, { type Pool } from 'pg'
import { openPglite } from '../../src/sql/pglite.ts'
import { extendAdapter } from '../../src/sql/prisma-adapter.ts'

export interface EngineConnection extends AsyncDisposable {
  readonly adapter: SqlDriverAdapter
  /** Null for the embedded throw-away database. */
  readonly pool: Pool | null
}

/** One connection, because the engine's advisory lock and its transactions belong to a session. */
export async function connect(url: string): Promise<EngineConnection> {
  const schema = new URL(url).searchParams.get('schema') ?? undefined
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'loadline migrate' })
  pool.on('error', () => {})
  const factory = extendAdapter(new PrismaPg(pool, schema ? { schema } : {}), {
    query: () => Promise.reject(new Error('The schema engine carries no statements')),
    runScript: (script) => pool.query(script),
  })
  const adapter = await factory.connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  const close = () => pool.end()
  return {
    adapter: Object.assign(adapter, {
      queryRaw: (query: SqlQuery) =>
        queryRaw(query).catch((error: unknown) => {
          if (isUnsupportedType(error)) return queryCatalog(pool, query)
          throw error
        }),
    }),
    pool,
    [Symbol.asyncDispose]: close,
  }
}

/** An empty database beside the one at `url`, or embedded when there is no url; disposing drops it. */
export async function connectToThrowaway(url: string | undefined): Promise<EngineConnection> {
  if (url === undefined) {
    const database = await openPglite({ dataDir: 'memory://' })
    return {
      adapter: await database.adapter.connect(),
      pool: null,
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    }
  }
  const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
  await runOn(url, `CREATE DATABASE "${name}"`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const connection = await connect(own.href)
  return {
    ...connection,
    [Symbol.asyncDispose]: async () => {
      await connection[Symbol.asyncDispose]()
      await runOn(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
    },
  }
}

/** Creates the database that `url` names and gives its name. */
export async function createDatabase(url: string): Promise<string> {
  const admin = new URL(url)
  const name = decodeURIComponent(admin.pathname.slice(1))
  admin.pathname = '/postgres'
  await runOn(admin.href, `CREATE DATABASE ${pg.escapeIdentifier(name)}`)
  return name
}

export async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function isUnsupportedType(error: unknown): boolean {
  return (
    error instanceof Error &&
    isDriverAdapterError(error) &&
    error.cause.kind === 'UnsupportedNativeDataType'
  )
}

/** Reads PostgreSQL's catalog, whose columns of type "char" Prisma's adapter does not know. */
async function queryCatalog(pool: Pool, { sql, args }: SqlQuery): Promise<SqlResultSet> {
  const { fields, rows } = await pool.query<SqlResultSet['rows'][number]>({
    text: sql,
    values: [...args],
    rowMode: 'array',
  })
  return {
    columnNames: fields.map(({ name }) => name),
    columnTypes: fields.map(
      ({ dataTypeID }) => catalogTypes.get(dataTypeID) ?? ColumnTypeEnum.Text,
    ),
    rows,
  }
}

const catalogTypes: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [16, ColumnTypeEnum.Boolean],
  [18, ColumnTypeEnum.Character],
  [20, ColumnTypeEnum.Int64],
  [21, ColumnTypeEnum.Int32],
  [23, ColumnTypeEnum.Int32],
  [26, ColumnTypeEnum.Int64],
  [1002, ColumnTypeEnum.CharacterArray],
  [1003, ColumnTypeEnum.TextArray],
  [1005, ColumnTypeEnum.Int32Array],
  [1009, ColumnTypeEnum.TextArray],
])
