import type { ServerResponse } from 'node:http'
import type { Limits } from '../guard/limits.ts'

/** Sees to it that clients take their answers. */
export interface ReaderWatch {
  /** To be called when all of an answer was handed to its socket. */
  watch(response: ServerResponse): void
}

interface Reader {
  readonly response: ServerResponse
  readonly bytes: number
}

/**
 * An answer that its client does not read stays in memory: so each has its time, and all together have
 * their bytes. Who has kept an answer waiting the longest is cut off first. What the system has taken
 * over already, a few hundred KB for each connection, does not count here.
 */
export function createReaderWatch(limits: Pick<Limits, 'readMs' | 'unreadBytes'>): ReaderWatch {
  /** Those who began first stand first. */
  const readers = new Set<Reader>()
  let unreadBytes = 0

  return {
    watch(response) {
      // Most answers are gone at once.
      const bytes = response.socket?.writableLength ?? 0
      if (bytes === 0) return
      const reader = { response, bytes }
      readers.add(reader)
      unreadBytes += bytes
      const timer = setTimeout(() => cut(reader), limits.readMs).unref()
      const forget = () => {
        clearTimeout(timer)
        if (readers.delete(reader)) unreadBytes -= bytes
      }
      response.on('finish', forget).on('close', forget)
      for (const slowest of readers) {
        if (unreadBytes <= limits.unreadBytes) break
        readers.delete(slowest)
        unreadBytes -= slowest.bytes
        cut(slowest)
      }
    },
  }
}

/** A reset, as a proper end would keep in the system what was not read. */
function cut({ response }: Reader): void {
  response.socket?.resetAndDestroy()
}
