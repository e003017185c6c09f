import { hash } from 'node:crypto'
import type { ExecutionResult } from 'graphql'
import { bytesOf } from './bytes-of.ts'
import { compressedFromBytes, decode, encode } from './encoding.ts'

/** An answer as it is sent, made once for everybody whom it is served to. */
export interface FinishedAnswer {
  /** `{"data":…}`, encoded. */
  readonly body: Buffer
  readonly encoding: 'gzip' | 'identity'
  /** Of the text, whatever its encoding: 128 bits of SHA-256 as base64url. */
  readonly hash: string
  /** What a cache between us and its readers may be told to drop it by; empty where there is none. */
  readonly surrogateKeys: string
}

export async function finishAnswer(data: unknown, surrogateKeys: string): Promise<FinishedAnswer> {
  const text = bytesOf(`{"data":${JSON.stringify(data)}}`)
  const encoding = text.length < compressedFromBytes ? 'identity' : 'gzip'
  return {
    body: await encode(text, encoding),
    encoding,
    hash: hash('sha256', text, 'base64url').slice(0, hashLength),
    surrogateKeys,
  }
}

/** The answer as a result, for whoever needs more of it than its bytes. */
export async function readResult(finished: FinishedAnswer): Promise<ExecutionResult> {
  return JSON.parse(await readText(finished))
}

/** `{"data":…}` as text. */
export async function readText({ body, encoding }: FinishedAnswer): Promise<string> {
  return (await decode(body, encoding)).toString()
}

/** The answer as a store keeps it: encoding, length of the surrogate keys, hash, these, body. */
export function packAnswer({ body, encoding, hash: hashed, surrogateKeys }: FinishedAnswer) {
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(encoding === 'gzip' ? 1 : 0, 0)
  head.writeUInt16BE(surrogateKeys.length, 1)
  head.write(hashed, 3, 'latin1')
  return Buffer.concat([head, Buffer.from(surrogateKeys, 'latin1'), body])
}

export function unpackAnswer(packed: Uint8Array): FinishedAnswer {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const keysEnd = headBytes + bytes.readUInt16BE(1)
  return {
    body: bytes.subarray(keysEnd),
    encoding: bytes.readUInt8(0) === 1 ? 'gzip' : 'identity',
    hash: bytes.toString('latin1', 3, headBytes),
    surrogateKeys: keysEnd === headBytes ? '' : bytes.toString('latin1', headBytes, keysEnd),
  }
}

const hashLength = 22
const headBytes = 3 + hashLength
