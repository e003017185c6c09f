import type { WriteStream } from 'node:tty'

export interface SeedProgress {
  /** What `seedDatabase` takes as `onProgress`. */
  show(done: number, total: number, what: string): void
  /** Ends the bar's line; call it also when the seed failed. */
  end(): void
}

/** Characters of the bar. */
const width = 30

/** One line that is written again on a terminal; elsewhere a line for every tenth of the way. */
export function createSeedProgress(output: Pick<WriteStream, 'write' | 'isTTY'>): SeedProgress {
  let lastTenth = 0
  let isOpen = false
  return {
    show(done, total, what) {
      const share = total === 0 ? 1 : done / total
      const line = `${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${total} rows  ${what}`
      if (output.isTTY) {
        const filled = Math.round(share * width)
        output.write(`\r[${'#'.repeat(filled).padEnd(width, '.')}] ${line}\x1b[K`)
        isOpen = true
        return
      }
      const tenth = Math.floor(share * 10)
      if (tenth > lastTenth) output.write(`${line}\n`)
      lastTenth = tenth
    },
    end() {
      if (isOpen) output.write('\n')
      isOpen = false
    },
  }
}
