import { decode, type Encoding, encode } from '../cache/encoding.ts'
import type { FinishedAnswer } from '../cache/finished-answer.ts'
import type { ServedAnswer } from '../cache/request-cache.ts'
import { acceptsGzip, chooseEncoding } from './compress.ts'
import { matchesEtag } from './etag.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { MediaType } from './media-type.ts'

/** How long caches between us and our readers may keep what is everybody's. */
export interface SharedLifetime {
  /** `s-maxage`; 0: they keep nothing. */
  readonly seconds: number
  /** `stale-while-revalidate`. */
  readonly staleSeconds: number
}

export interface ReplyOptions {
  readonly exchange: Exchange
  readonly mediaType: MediaType
  readonly shared: SharedLifetime
}

/**
 * An answer that the cache has, as it goes over HTTP: its bytes as they are, unless the client does
 * not take their encoding.
 *
 * For GET it has a strong ETag, of its text, media type and encoding; who has that already is told so,
 * but only if the answer was found for them. For POST, which GraphQL over HTTP says nothing of, there
 * is no ETag, and a condition is not looked at: what a POST is to do must not depend on one.
 */
export async function replyFinished(served: ServedAnswer, options: ReplyOptions): Promise<Answer> {
  const { finished, from } = served
  const { exchange, mediaType } = options
  const encoding = encodingFor(finished, exchange.header('accept-encoding'))
  const headers = { 'cache-status': cacheStatus[from], ...cacheHeaders(served, options) }
  if (exchange.method !== 'GET') {
    return { status: 200, headers: describe(mediaType, encoding, headers), body: await body() }
  }
  const etag = etagOf(finished, { mediaType, encoding })
  if (from !== 'computed' && matchesEtag(exchange.header('if-none-match'), etag)) {
    return { status: 304, headers: { etag, ...headers }, body: null }
  }
  const described = describe(mediaType, encoding, { etag, ...headers })
  return { status: 200, headers: described, body: await body() }

  async function body(): Promise<Buffer> {
    if (encoding === finished.encoding) return finished.body
    return encode(await decode(finished.body, finished.encoding), encoding)
  }
}

/** What is stored, if the client takes it at all: to convert it costs more than it saves. */
function encodingFor({ encoding }: FinishedAnswer, acceptEncoding: string | null): Encoding {
  if (encoding === 'identity' || acceptsGzip(acceptEncoding)) return encoding
  return chooseEncoding(acceptEncoding)
}

function describe(
  mediaType: MediaType,
  encoding: Encoding,
  headers: Answer['headers'],
): Answer['headers'] {
  const type = `${mediaType}; charset=utf-8`
  if (encoding === 'identity') return { 'content-type': type, ...headers }
  return { 'content-type': type, 'content-encoding': encoding, ...headers }
}

function etagOf(
  { hash }: FinishedAnswer,
  { mediaType, encoding }: { readonly mediaType: MediaType; readonly encoding: Encoding },
): string {
  const type = mediaType === 'application/json' ? '' : '-response'
  return `"${hash}${type}${encoding === 'identity' ? '' : `-${encoding}`}"`
}

function cacheHeaders(
  { finished, scope, ttlMs }: ServedAnswer,
  { exchange, shared }: ReplyOptions,
): Readonly<Record<string, string>> {
  const seconds = Math.min(shared.seconds, Math.floor(ttlMs / 1_000))
  const { surrogateKeys } = finished
  const isShared =
    scope === 'public' && exchange.method === 'GET' && seconds > 0 && surrogateKeys !== ''
  if (!isShared) return privateHeaders
  return {
    'cache-control': `public, max-age=0, s-maxage=${seconds}, stale-while-revalidate=${shared.staleSeconds}`,
    vary: 'Accept, Accept-Encoding',
    'cache-tag': surrogateKeys.replaceAll(' ', ','),
    'surrogate-key': surrogateKeys,
  }
}

const privateHeaders = {
  'cache-control': 'private, no-cache',
  vary: 'Authorization, Accept, Accept-Encoding',
}

/** As RFC 9211 has it. */
const cacheStatus = {
  hit: 'loadline; hit',
  joined: 'loadline; fwd=miss; collapsed',
  computed: 'loadline; fwd=miss',
} as const
