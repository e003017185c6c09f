import type { Redis } from 'ioredis'
import { createBriefMap } from './brief-map.ts'
import { writesOf } from './redis-connection.ts'

/**
 * Gives those who ask the same of the server in one turn of the event loop one answer: one command,
 * read once. Nobody joins a command that has gone out, since it may have been answered before a write
 * that was announced before they asked.
 */
export type ShareUnsent<T> = (redis: Redis, name: string, ask: () => Promise<T>) => Promise<T>

export function createUnsentShares<T>(): ShareUnsent<T> {
  const unsent = createBriefMap<{ readonly writes: number; readonly answer: Promise<T> }>()
  return (redis, name, ask) => {
    const writes = writesOf(redis)
    const other = unsent.get(name)
    if (other?.writes === writes) return other.answer
    const own = { writes, answer: ask() }
    unsent.set(name, own)
    const forget = () => {
      if (unsent.get(name) === own) unsent.delete(name)
    }
    own.answer.then(forget, forget)
    return own.answer
  }
}
