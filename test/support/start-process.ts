import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { promisify } from 'node:util'

export interface StartedProcess extends AsyncDisposable {
  /** What was written so far. */
  readonly output: { stdout: string; stderr: string }
  /** The exit code, once both streams have ended. */
  readonly exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  /** Resolves with the first match in what it writes to standard output. */
  printed(pattern: RegExp): Promise<string>
}

const loader = new URL('../../scripts/typescript.js', import.meta.url).href

/**
 * Runs a script of this package as a process of its own, with no environment of the test run but
 * what finds Node. Disposing kills it.
 */
export function startProcess(
  script: string,
  options: {
    readonly args?: readonly string[]
    readonly env?: Readonly<Record<string, string>>
    readonly cwd?: string
  } = {},
): StartedProcess {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env
  const child = spawn(process.execPath, ['--import', loader, script, ...(options.args ?? [])], {
    env: { PATH, HOME, TMPDIR, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const exited = once(child, 'close').then(([code]): number | null => code)
  return {
    output,
    exited,
    kill: (signal) => child.kill(signal),
    async printed(pattern) {
      for (;;) {
        const [found] = output.stdout.match(pattern) ?? []
        if (found !== undefined) return found
        await once(child.stdout, 'data')
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

export interface StartedServer extends StartedProcess {
  readonly origin: string
}

/** Runs the server as `npm start` does, and resolves when it has answered a query; rejects when it ends before. */
export async function startServerProcess(
  env: Readonly<Record<string, string>>,
): Promise<StartedServer> {
  const port = await findFreePort()
  await promisify(execFile)(process.execPath, ['scripts/compile.js'])
  const started = startProcess('dist/app/main.js', { env: { PORT: String(port), ...env } })
  const origin = `http://127.0.0.1:${port}`
  let hasEnded = false
  void started.exited.then(() => {
    hasEnded = true
  })
  while (!(await answers(origin))) {
    if (hasEnded) throw new Error(`The process ended: ${started.output.stderr}`)
  }
  return { ...started, origin }
}

/** One query at most every 50 ms, so that asking does not slow the start. */
async function answers(origin: string): Promise<boolean> {
  try {
    const headers = { 'graphql-require-preflight': '1' }
    const response = await fetch(`${origin}/graphql?query={__typename}`, { headers })
    return response.ok
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return false
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('No port was given')
  return address.port
}
