import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own, and what it has used so far. */
export interface ServerProcess extends AsyncDisposable {
  readonly port: number
  cpuMs(): number
  memoryMb(): number
  /** The most that it has had. */
  peakMemoryMb(): number
}

export interface ServerOptions {
  /** From the folder of the benches. */
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Of Node. @default room for young objects, for all alike */
  readonly flags?: readonly string[]
}

const bench = fileURLToPath(new URL('..', import.meta.url))
/** For what is not compiled: its thread has some 70 MB of its own. */
const loader = new URL('../../scripts/typescript.js', import.meta.url).href

/** Starts a script that listens on PORT of 127.0.0.1. */
export async function startServer({
  script,
  env,
  cwd = bench,
  flags = ['--max-semi-space-size=64'],
}: ServerOptions): Promise<ServerProcess> {
  const port = await findPort()
  const child = spawn(
    process.execPath,
    [...flags, ...(script.endsWith('.ts') ? ['--import', loader] : []), script],
    {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: 'production',
        PORT: `${port}`,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  // Whoever asks it then sees no more than a connection that breaks.
  const tellEnd = (code: number | null, signal: string | null) => {
    process.stderr.write(`${script} ended by itself: ${signal ?? `code ${code}`}\n`)
  }
  child.on('exit', tellEnd)
  await untilListening(port, child, script)
  return {
    port,
    cpuMs: () => cpuOf(child),
    memoryMb: () => statusOf(child, 'VmRSS') / 1024,
    peakMemoryMb: () => statusOf(child, 'VmHWM') / 1024,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return
      child.off('exit', tellEnd)
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exit
      clearTimeout(patience)
    },
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}

async function untilListening(port: number, child: ChildProcess, script: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${script} ended with code ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${script} does not listen on ${port}`)
}

/** User and system time of a process in ms, as Linux counts it; elsewhere NaN. */
function cpuOf({ pid }: ChildProcess): number {
  return ticksOf(String(pid)) * 10
}

/** The same of any processes, by their ids. */
export function cpuMsOf(pids: readonly number[]): ReadonlyMap<number, number> {
  return new Map(pids.map((pid) => [pid, ticksOf(String(pid)) * 10]))
}

function ticksOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return Number.NaN
  }
}

function statusOf({ pid }: ChildProcess, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  } catch {
    return Number.NaN
  }
}
