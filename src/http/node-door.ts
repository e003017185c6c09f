import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { AppError } from '../errors.ts'
import { payloadTooLarge } from './body-limit.ts'
import { type Answer, type Exchange, isStream } from './exchange.ts'
import { requestIdFrom } from './request-id.ts'
import { sendStream } from './send-stream.ts'

export interface NodeDoorOptions {
  /** While true, every answer asks its client to leave the connection. */
  readonly isDraining: () => boolean
}

/** A listener for `node:http` in front of `answer`, which never rejects. */
export function createNodeDoor(
  answer: (exchange: Exchange) => Promise<Answer>,
  { isDraining }: NodeDoorOptions,
): RequestListener {
  return async (request, response) => {
    // Nobody is left to tell when the socket breaks while an answer is written.
    response.on('error', () => {})
    // Sent ahead of the answers before it: who does not read those gets no others made.
    if (!response.socket) await new Promise((resolve) => response.once('socket', resolve))
    const exchange = readExchange(request, response)
    const ready = await answer(exchange)
    if (exchange.signal.aborted) return
    send(ready, { request, response, isLast: isDraining() })
  }
}

function readExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const hangUp = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) hangUp.abort()
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
    readBody: (maxBytes) => readBody(request, maxBytes),
    signal: hangUp.signal,
    address: request.socket.remoteAddress ?? null,
    isLocal: isLoopback(request.socket.remoteAddress),
  }
}

// A target may be absolute ("GET http://host/path") or nonsense; only its path and query count.
function readUrl(target: string): URL {
  const base = 'http://localhost'
  const url = target.startsWith('/') ? base + target : target
  return new URL(URL.canParse(url) ? url : `${base}/%00`)
}

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

function send(answer: Answer, { request, response, isLast }: Sending): void {
  const { status, headers, body } = answer
  if (isStream(body)) {
    sendStream(response, { status, headers, body })
    return
  }
  const isUnread = status === 413 && !request.complete
  response.writeHead(status, {
    ...headers,
    ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...(isLast || isUnread ? { connection: 'close' } : {}),
  })
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
