import { ReadableStream, TextEncoderStream } from 'node:stream/web'
import { payloadTooLarge } from './body-limit.ts'
import type { CompleteAnswer } from './complete-answer.ts'
import { type Answer, type Exchange, isStream } from './exchange.ts'
import { requestIdFrom } from './request-id.ts'

/** The door for callers in the same process: what a socket would answer, without the socket. */
export function createFetchDoor(
  answer: (exchange: Exchange) => Promise<CompleteAnswer>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { status, headers, body } = await answer({
      requestId: requestIdFrom(request.headers.get('x-request-id')),
      method: request.method,
      url: new URL(request.url),
      header: (name) => request.headers.get(name),
      headers: () => Object.fromEntries(request.headers),
      readBody: (maxBytes) => readBody(request, maxBytes),
      signal: request.signal,
      address: null,
      isLocal: true,
    })
    const isEmpty = request.method === 'HEAD'
    return new Response(isEmpty ? null : toBodyInit(body), { status, headers: pairs(headers) })
  }
}

function pairs(headers: readonly string[]): [string, string][] {
  const paired: [string, string][] = []
  for (let at = 0; at < headers.length; at += 2)
    paired.push([headers[at] ?? '', headers[at + 1] ?? ''])
  return paired
}

async function readBody(request: Request, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw payloadTooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function toBodyInit(body: Answer['body']): BodyInit | null {
  if (isStream(body)) {
    // The global one is the same; only its types are older.
    return ReadableStream.from(body).pipeThrough(new TextEncoderStream()) as BodyInit
  }
  return Buffer.isBuffer(body) ? new Uint8Array(body) : body
}
