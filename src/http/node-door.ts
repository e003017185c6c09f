import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { LRUCache } from 'lru-cache'
import { AppError } from '../errors.ts'
import type { Limits } from '../guard/limits.ts'
import { Canceller } from '../sql/cancellation.ts'
import { payloadTooLarge } from './body-limit.ts'
import type { CompleteAnswer } from './complete-answer.ts'
import { type Exchange, isStream } from './exchange.ts'
import { requestIdFrom } from './request-id.ts'
import { sendStream } from './send-stream.ts'
import { createReaderWatch } from './watch-readers.ts'

export interface NodeDoorOptions {
  /** While true, every answer asks its client to leave the connection. */
  readonly isDraining: () => boolean
  readonly limits: Pick<Limits, 'pipelined' | 'readMs' | 'unreadBytes'>
}

/** A listener for `node:http` in front of `answer`, which never rejects. */
export function createNodeDoor(
  answer: (exchange: Exchange) => Promise<CompleteAnswer>,
  { isDraining, limits }: NodeDoorOptions,
): RequestListener {
  const readers = createReaderWatch(limits)
  const waiting = new WeakMap<Socket, number>()

  return async (request, response) => {
    // Nobody is left to tell when the socket breaks while an answer is written.
    response.on('error', () => {})
    if (!response.socket && !(await isNext(request.socket, response))) return
    const exchange = readExchange(request, response)
    const ready = await answer(exchange)
    if (exchange.signal.aborted) return
    send(ready, { request, response, isLast: isDraining() })
    readers.watch(response)
  }

  /**
   * Sent ahead of the answers before it: who does not read those gets no others made, and who goes on
   * sending is cut off.
   */
  async function isNext(socket: Socket, response: ServerResponse): Promise<boolean> {
    const count = (waiting.get(socket) ?? 0) + 1
    if (socket.destroyed) return false
    if (count > limits.pipelined) {
      socket.resetAndDestroy()
      return false
    }
    waiting.set(socket, count)
    await new Promise((resolve) => response.once('socket', resolve))
    waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
    return true
  }
}

function readExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const hangUp = new Canceller()
  response.on('close', () => {
    if (!response.writableFinished) hangUp.abort(new Error('The client hung up'))
  })
  const header = (name: string) => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  return {
    requestId: requestIdFrom(header('x-request-id')),
    method: request.method ?? 'GET',
    url: readUrl(request.url ?? '/'),
    header,
    headers: () => {
      const names = Object.keys(request.headers)
      return Object.fromEntries(names.map((name) => [name, header(name) ?? '']))
    },
    readBody: (maxBytes) => readBody(request, maxBytes),
    signal: hangUp,
    address: request.socket.remoteAddress ?? null,
    isLocal: isLoopback(request.socket.remoteAddress),
  }
}

// A target may be absolute ("GET http://host/path") or nonsense; only its path and query count.
function readUrl(target: string): URL {
  const known = urls.get(target)
  if (known) return known
  const base = 'http://localhost'
  const url = target.startsWith('/') ? base + target : target
  const read = new URL(URL.canParse(url) ? url : `${base}/%00`)
  if (target.length <= longestTarget) urls.set(target, read)
  return read
}

/** Of paths, which are asked for again and again; nobody changes what they are given. */
const urls = new LRUCache<string, URL>({ max: 500 })
const longestTarget = 256

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}

function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (declaredBytes(request) > maxBytes) return Promise.reject(payloadTooLarge(maxBytes))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) {
        chunks.push(chunk)
        return
      }
      request.off('data', take).pause()
      reject(payloadTooLarge(maxBytes))
    }
    request.on('data', take)
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('close', () => {
      // Every request closes; the error is made, which is not cheap, for those who hang up alone.
      if (request.complete) return
      reject(new AppError('BAD_REQUEST', 'The request ended before its body was complete'))
    })
  })
}

function declaredBytes({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined) return 0
  return Number(headers['content-length'] ?? 0)
}

interface Sending {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly isLast: boolean
}

function send(answer: CompleteAnswer, { request, response, isLast }: Sending): void {
  const { status, headers, body } = answer
  if (isStream(body)) {
    sendStream(response, { status, headers, body })
    return
  }
  const isUnread = status === 413 && !request.complete
  const all = [...headers]
  if (body !== null) all.push('content-length', `${Buffer.byteLength(body)}`)
  if (isLast || isUnread) all.push('connection', 'close')
  response.writeHead(status, all)
  if (request.method === 'HEAD' || body === null) {
    response.end()
  } else if (isUnread) {
    response.write(body)
    linger(request, () => response.end())
  } else {
    response.end(body)
  }
}

const longestLingerMs = 1_000
const mostLingerBytes = 4 * 1_024 * 1_024

/**
 * Swallows what a client still sends of a refused body, within bounds, before `close`: closing at once
 * would reset the connection, and the client would lose the answer that tells it why.
 */
function linger(request: IncomingMessage, close: () => void): void {
  let bytes = 0
  const timer = setTimeout(close, longestLingerMs).unref()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostLingerBytes) close()
  })
  request.on('close', () => {
    clearTimeout(timer)
    close()
  })
  request.on('end', close).resume()
}
