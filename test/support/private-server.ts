import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/**
 * The first of `folders` and PATH that has all of `programs`, or undefined. LOADLINE_TEST_PROGRAMS=none:
 * as on a machine that has neither servers nor a browser.
 */
export function findPrograms(
  programs: readonly string[],
  folders: readonly string[] = [],
): string | undefined {
  if (process.env.LOADLINE_TEST_PROGRAMS === 'none') return undefined
  const path = process.env.PATH?.split(delimiter) ?? []
  return [...path, ...folders].find((folder) =>
    programs.every((program) => isExecutable(join(folder, program))),
  )
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No TCP port was given')
  return address.port
}

export interface UserIds {
  readonly uid: number
  readonly gid: number
}

/** Whom a server that refuses to run as root shall run as; undefined when we are not root. */
export function findUnprivilegedUser(): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, user], { stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such user; try the next.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody')
}

/** Starts a server that ends with this process, and waits until `isReady` does not reject. */
export async function startServer(
  program: string,
  args: readonly string[],
  options: { readonly user?: UserIds | undefined; readonly isReady: () => Promise<unknown> },
): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options.user })
  const output: string[] = []
  child.stdout.on('data', (chunk) => output.push(String(chunk)))
  child.stderr.on('data', (chunk) => output.push(String(chunk)))
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  for (let attempt = 0; ; attempt += 1) {
    try {
      await options.isReady()
      return child
    } catch (error) {
      if (child.exitCode !== null || attempt === 300) {
        child.kill('SIGKILL')
        throw new Error(`${program} did not start: ${output.join('')}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** Sends the signal and waits until the process is gone. */
export async function stopServer(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
