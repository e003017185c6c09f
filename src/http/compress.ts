import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import Negotiator from 'negotiator'
import { type Answer, isStream } from './exchange.ts'
import { addVary } from './vary.ts'

const brotliAsync = promisify(brotliCompress)
const gzipAsync = promisify(gzip)

/** Below this many bytes an answer fits a packet anyway, and compressing it costs more than it saves. */
const thresholdBytes = 1_024

export type Encoding = 'br' | 'gzip' | 'identity'

interface EncodingNegotiator {
  encodings<T extends string>(available: T[], options: { preferred: T[] }): T[]
}

/** The answer in the encoding that the client likes best; brotli when it likes several equally. */
export async function compress(answer: Answer, acceptEncoding: string | null): Promise<Answer> {
  const { body, headers } = answer
  if (body === null || isStream(body) || headers['content-encoding']) return answer
  if (Buffer.byteLength(body) < thresholdBytes) return answer

  const varied = {
    ...answer,
    headers: { ...headers, vary: addVary(headers.vary, 'Accept-Encoding') },
  }
  const encoding = chooseEncoding(acceptEncoding)
  if (encoding === 'identity') return varied
  return {
    ...varied,
    headers: { ...varied.headers, 'content-encoding': encoding },
    body: await encode(Buffer.from(body), encoding),
  }
}

export function chooseEncoding(acceptEncoding: string | null): Encoding {
  if (acceptEncoding === null) return 'identity'
  // True of the version in use, which is newer than its types.
  const negotiator = new Negotiator({
    headers: { 'accept-encoding': acceptEncoding },
  }) as EncodingNegotiator
  const available: Encoding[] = ['br', 'gzip', 'identity']
  const [best] = negotiator.encodings(available, { preferred: available })
  return best ?? 'identity'
}

// Measured on 30 KB of JSON: brotli 4 takes 0.23 ms and leaves 8.4 KB, 5 takes 0.43 and leaves 7.8;
// gzip 4 takes 0.13 ms and leaves 8.2 KB, 6 takes 0.33 and leaves 7.7.
export function encode(body: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return gzipAsync(body, { level: 4 })
  return brotliAsync(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  })
}
