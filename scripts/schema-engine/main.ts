import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { type EngineSettings, runCommand } from './commands.ts'
import { createDatabase, runOn } from './connection.ts'

/**
 * What the Prisma command line takes for its native schema engine, where that cannot be downloaded:
 * the same arguments, and JSON-RPC, one message a line, on stdin and stdout. Started by
 * `run-with-node.cjs`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
})
const datasource: { readonly url?: string } = JSON.parse(values.datasource ?? '{}')
const settings: EngineSettings = {
  url: datasource.url || undefined,
  schemaFiles: values.datamodels ?? [],
}

if (positionals[0] === 'cli') await answerOnce(positionals[1])
else await serve()

/** `cli can-connect-to-database` and `cli create-database`: the answer is the exit code. */
async function answerOnce(command: string | undefined): Promise<void> {
  try {
    if (!settings.url) throw new Error('The connection URL is empty')
    if (command === 'create-database') await createDatabase(settings.url)
    else await runOn(settings.url, 'SELECT 1')
  } catch (error) {
    const fields = { message: messageOf(error), error_code: codeOf(error) }
    const line = { level: 'ERROR', target: 'schema_engine::logger', fields }
    // The command line skips the first line and wants no empty one at the end.
    process.stderr.write(`schema engine\n${JSON.stringify(line)}`)
    process.exitCode = 1
  }
}

async function serve(): Promise<void> {
  let pending: unknown
  // A panic of the engine is thrown where nobody awaits it, and its command never settles.
  process.on('uncaughtException', (error) => {
    send({ id: pending, error: describe(error, true) })
    process.exitCode = 101
  })
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line)
    // Without a method it only confirms a message of ours.
    if (method === undefined) continue
    pending = id
    try {
      const result = await runCommand(method, params, settings)
      if (method === 'diff') printDiff(result)
      send({ id, result })
    } catch (error) {
      send({ id, error: describe(error, false) })
    }
  }
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

/** The command line prints what it is told to print, not what the answer holds. */
function printDiff(result: unknown): void {
  const { stdout } = result as { readonly stdout: string | null }
  if (stdout) send({ id: 0, method: 'print', params: { content: stdout } })
}

function describe(error: unknown, isPanic: boolean) {
  const message = messageOf(error)
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: { is_panic: isPanic, message, error: { message }, error_code: codeOf(error) },
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

/** Prisma's code for what PostgreSQL or the socket said, where its command line looks for it. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (error instanceof pg.DatabaseError) return { '3D000': 'P1003', '28P01': 'P1000' }[String(code)]
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? 'P1001' : undefined
}
