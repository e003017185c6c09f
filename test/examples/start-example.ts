import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface StartedExample extends AsyncDisposable {
  /** As it printed it. */
  readonly url: string
}

/** Runs a program that serves and prints where. */
export async function startExample(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<StartedExample> {
  const child = spawn(process.execPath, [program, '0'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return {
    url: String(line).trim(),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}
