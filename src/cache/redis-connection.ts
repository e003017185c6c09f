import { createHash } from 'node:crypto'
import { Redis } from 'ioredis'

/**
 * A connection that fails at once when there is no server, instead of queueing, and comes back by
 * itself. `onError` hears why it is gone, `onClose` that it is; nothing is thrown.
 */
export function connectRedis(
  url: string,
  listeners: { readonly onError: (error: Error) => void; readonly onClose: () => void },
): Redis {
  const redis = new Redis(url, {
    // What a failed call would have done is no longer wanted by the time it could be repeated.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2_000,
    // A peer that vanished without a word answers nothing and closes nothing.
    socketTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt - 1, 6), 1_000),
    disableClientInfo: true,
    protocol: 2,
  })
  writeTogether(redis)
  redis.on('error', listeners.onError)
  redis.on('close', listeners.onClose)
  return redis
}

/**
 * Commands of requests that are read in one turn of the event loop go out in one write: each write
 * is a call of the system, and under load those cost more than all else of a look-up.
 */
function writeTogether(redis: Redis): void {
  const send = redis.sendCommand
  let held: Redis['stream'] | null = null
  redis.sendCommand = function sendHeld(...sent) {
    const { stream } = redis
    if (!held && stream) {
      held = stream
      stream.cork()
      setImmediate(() => {
        held = null
        writes.set(redis, writesOf(redis) + 1)
        stream.uncork()
      })
    }
    return send.apply(this, sent)
  }
}

const writes = new WeakMap<Redis, number>()

/** How often something went out to the server: while the number is the same, nothing has since. */
export function writesOf(redis: Redis): number {
  return writes.get(redis) ?? 0
}

export interface Script {
  readonly text: string
  readonly sha: string
}

export function createScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

export interface Operands {
  readonly keys: readonly string[]
  readonly args: readonly (string | Buffer)[]
}

/** Runs a script by its digest, and by its text when the server does not know it yet. */
export function runScript(redis: Redis, script: Script, operands: Operands): Promise<unknown> {
  return bySha(script, (...how) => redis.callBuffer(...how, ...flatten(operands)))
}

/**
 * Runs a script and then reads the values of some keys, in one round trip: a long value that passes
 * through a script costs Redis more than all the rest (20 KB: 25 of 70 us). Null where there is none.
 */
export function runScriptThenGet(
  redis: Redis,
  script: Script,
  { operands, names }: { readonly operands: Operands; readonly names: readonly string[] },
): Promise<{ readonly reply: unknown; readonly values: readonly (Buffer | null)[] }> {
  return bySha(script, async (...how) => {
    const pipeline = redis.pipeline().callBuffer(...how, ...flatten(operands))
    const [ran, got] = (await pipeline.mgetBuffer(...names).exec()) ?? []
    const error = ran?.[0] ?? got?.[0]
    if (error) throw error
    const values: unknown[] = Array.isArray(got?.[1]) ? got[1] : []
    return { reply: ran?.[1], values: values.map((one) => (Buffer.isBuffer(one) ? one : null)) }
  })
}

async function bySha<T>(
  script: Script,
  run: (command: 'EVALSHA' | 'EVAL', script: string) => Promise<T>,
): Promise<T> {
  try {
    return await run('EVALSHA', script.sha)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return await run('EVAL', script.text)
  }
}

function flatten({ keys, args }: Operands): (string | Buffer | number)[] {
  return [keys.length, ...keys, ...args]
}
