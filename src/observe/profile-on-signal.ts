import { mkdir, writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from './logger.ts'

export interface ProfilerOptions {
  /** Where profiles are written; made when missing. */
  readonly folder: string
  readonly log: Pick<Logger, 'warn'>
  /** @default 10_000 */
  readonly profileMs?: number
}

/** How long the profiler waits between two looks, in us: it costs a few per cent while it runs. */
const intervalUs = 500

/**
 * Writes where the CPU goes for the next ten seconds when the process gets SIGUSR2, as a `.cpuprofile`
 * for Chromium's developer tools. A signal while one is being made changes nothing.
 */
export function profileOnSignal(options: ProfilerOptions): Disposable {
  const { folder, log, profileMs = 10_000 } = options
  let isRunning = false

  const onSignal = () => {
    if (isRunning) return
    isRunning = true
    profile()
      .then(
        (path) => log.warn({ path }, 'a CPU profile was written'),
        (error) => log.warn({ err: error }, 'a CPU profile could not be written'),
      )
      .finally(() => {
        isRunning = false
      })
  }
  process.on('SIGUSR2', onSignal)
  return {
    [Symbol.dispose]() {
      process.off('SIGUSR2', onSignal)
    },
  }

  async function profile(): Promise<string> {
    const session = new Session()
    session.connect()
    try {
      await session.post('Profiler.enable')
      await session.post('Profiler.setSamplingInterval', { interval: intervalUs })
      await session.post('Profiler.start')
      await pause(profileMs, undefined, { ref: false })
      const { profile: found } = await session.post('Profiler.stop')
      await mkdir(folder, { recursive: true })
      const time = new Date().toISOString().replaceAll(/[:.]/g, '-')
      const path = join(folder, `loadline-${time}-${process.pid}.cpuprofile`)
      await writeFile(path, JSON.stringify(found))
      return path
    } finally {
      session.disconnect()
    }
  }
}
