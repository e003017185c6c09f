import Negotiator from 'negotiator'
import { bytesOf } from '../cache/bytes-of.ts'
import { compressedFromBytes, type Encoding, encode } from '../cache/encoding.ts'
import { type Answer, isStream } from './exchange.ts'
import { addVary } from './vary.ts'

interface EncodingNegotiator {
  encodings<T extends string>(available: T[], options?: { preferred: T[] }): T[]
}

/** The answer in the encoding that the client likes best; brotli when it likes several equally. */
export async function compress(answer: Answer, acceptEncoding: string | null): Promise<Answer> {
  const { body: given, headers } = answer
  if (given === null || isStream(given) || headers['content-encoding']) return answer
  // What is short stays text, which is sent in one piece with its head; what is long is not counted.
  const isShort = given.length < compressedFromBytes
  if (isShort && Buffer.byteLength(given) < compressedFromBytes) return answer

  const body = typeof given === 'string' ? bytesOf(given) : given
  const vary = addVary(headers.vary, 'Accept-Encoding')
  const varied = { ...answer, headers: { ...headers, vary }, body }
  const encoding = chooseEncoding(acceptEncoding)
  if (encoding === 'identity') return varied
  return {
    ...varied,
    headers: { ...varied.headers, 'content-encoding': encoding },
    body: await encode(body, encoding),
  }
}

export function chooseEncoding(acceptEncoding: string | null): Encoding {
  if (acceptEncoding === null) return 'identity'
  const available: Encoding[] = ['br', 'gzip', 'identity']
  const [best] = negotiate(acceptEncoding).encodings(available, { preferred: available })
  return best ?? 'identity'
}

/** Whether the client takes gzip, if only as the last of several. */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  // What most clients send needs no closer look.
  if (acceptEncoding === null || plainGzip.test(acceptEncoding)) return acceptEncoding !== null
  return negotiate(acceptEncoding).encodings(['gzip']).includes('gzip')
}

const plainGzip = /^gzip(, ?(deflate|br|zstd))*$/

function negotiate(acceptEncoding: string): EncodingNegotiator {
  const headers = { 'accept-encoding': acceptEncoding }
  // True of the version in use, which is newer than its types.
  return new Negotiator({ headers }) as EncodingNegotiator
}
