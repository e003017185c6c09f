import { readFile } from 'node:fs/promises'
import type {
  CreateMigrationInput,
  EvaluateDataLossInput,
  SchemaEngine,
} from '@prisma/schema-engine-wasm/schema_engine_bg'
import { createSchemaEngine } from '../../src/sql/schema-engine.ts'
import { connect, connectToThrowaway, createDatabase, type EngineConnection } from './connection.ts'

export interface EngineSettings {
  /** The configured database; commands that need none run on an embedded one without it. */
  readonly url: string | undefined
  /** Paths of the Prisma schema's files. */
  readonly schemaFiles: readonly string[]
}

/** Runs one command of Prisma's schema engine protocol and gives its result. */
export async function runCommand(
  method: string,
  params: unknown,
  settings: EngineSettings,
): Promise<unknown> {
  const run = commands[method]
  if (!run) throw new Error(`The schema engine does not know the command ${method}`)
  return run(params, settings)
}

type Command = (params: unknown, settings: EngineSettings) => Promise<unknown>

const commands: Readonly<Record<string, Command>> = {
  createDatabase: async (_params, { url }) => {
    if (url === undefined) throw new Error('Set DATABASE_URL to the database to create')
    return { databaseName: await createDatabase(url) }
  },
  createMigration,
  evaluateDataLoss,
  getDatabaseVersion: (_params, settings) =>
    withEngine(settings, async (engine) => engine.version(null)),
  ...Object.fromEntries(
    (
      [
        'applyMigrations',
        'dbExecute',
        'devDiagnostic',
        'diagnoseMigrationHistory',
        'diff',
        'ensureConnectionValidity',
        'introspect',
        'markMigrationApplied',
        'markMigrationRolledBack',
        'reset',
        'schemaPush',
      ] as const
    ).map((method): [string, Command] => [
      method,
      (params, settings) =>
        // The command line of the same release wrote the parameters for this very method.
        withEngine(settings, async (engine) => (await engine[method](params as never)) ?? {}),
    ]),
  ),
}

/** The engine in WebAssembly cannot open its shadow database for this command; `diff` can. */
async function createMigration(params: unknown, settings: EngineSettings): Promise<unknown> {
  const { draft, migrationName, ...input } = params as CreateMigrationInput
  const script = await diffFromMigrations(input, settings)
  const at = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  return {
    connectorType: 'postgresql',
    generatedMigrationName: migrationName === '' ? at : `${at}_${migrationName}`,
    migrationScript: isEmptyScript(script) && !draft ? null : script,
    extension: 'sql',
  }
}

/** As above; what data would be lost is learnt by changing the database and taking it back. */
async function evaluateDataLoss(params: unknown, settings: EngineSettings): Promise<unknown> {
  const input = params as EvaluateDataLossInput
  const script = await diffFromMigrations(input, settings)
  const { warnings, unexecutable } = await withEngine(settings, async (engine, connection) => {
    await connection.pool?.query('BEGIN')
    try {
      const { schema, filters } = input
      return await engine.schemaPush({ force: false, schema, filters })
    } finally {
      await connection.pool?.query('ROLLBACK')
    }
  })
  const toFeedback = (message: string) => ({ message, stepIndex: 0 })
  return {
    migrationSteps: isEmptyScript(script) ? 0 : 1,
    warnings: warnings.map(toFeedback),
    unexecutableSteps: unexecutable.map(toFeedback),
  }
}

async function diffFromMigrations(
  input: Omit<EvaluateDataLossInput, never>,
  settings: EngineSettings,
): Promise<string> {
  const { stdout } = await withEngine(settings, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...input.migrationsList },
      to: { tag: 'schemaDatamodel', ...input.schema },
      script: true,
      exitCode: null,
      filters: input.filters,
    }),
  )
  return stdout ?? ''
}

function isEmptyScript(script: string): boolean {
  return script.split('\n').every((line) => line.trim() === '' || line.startsWith('--'))
}

/** Each command gets an engine and a connection of its own, and leaves no throw-away database. */
async function withEngine<T>(
  { url, schemaFiles }: EngineSettings,
  run: (engine: SchemaEngine, connection: EngineConnection) => Promise<T>,
): Promise<T> {
  const throwaways: EngineConnection[] = []
  const connection = url === undefined ? await connectToThrowaway(url) : await connect(url)
  try {
    const datamodels = await Promise.all(
      schemaFiles.map(
        async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')],
      ),
    )
    const { provider, adapterName } = connection.adapter
    const engine = await createSchemaEngine(
      { provider, adapterName, connect: async () => connection.adapter },
      {
        datamodels: datamodels.length > 0 ? datamodels : undefined,
        connectToShadowDb: async () => {
          const throwaway = await connectToThrowaway(url)
          throwaways.push(throwaway)
          return throwaway.adapter
        },
      },
    )
    return await run(engine, connection)
  } finally {
    for (const throwaway of throwaways) await throwaway[Symbol.asyncDispose]()
    await connection[Symbol.asyncDispose]()
  }
}
