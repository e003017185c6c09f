import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** One request, as it goes over the wire. */
export type RawRequest = Buffer

export interface LoadOptions {
  readonly port: number
  readonly next: () => RawRequest
  /** Whether an answer is one of those that are measured. @default all are */
  readonly isMeasured?: (answer: RawAnswer) => boolean
  readonly connections: number
  readonly ms: number
  /** After so many requests it ends too. @default Infinity */
  readonly most?: number
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly bytes: number
  /** Of each that is measured, in ms, in no order. */
  readonly latencies: readonly number[]
  /** Answers whose status is not 200. */
  readonly failures: number
}

/**
 * Asks over kept connections, each as soon as it has its answer. It reads no more of an answer than
 * it needs to find its end: what is measured is the server, and the two share a machine.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { port, next, isMeasured = () => true, connections, ms, most = Infinity } = options
  const latencies: number[] = []
  let failures = 0
  let bytes = 0
  let count = 0
  const start = performance.now()
  const end = start + ms
  const run = async () => {
    const connection = await open(port)
    while (performance.now() < end && count < most) {
      const request = next()
      const begin = performance.now()
      const answer = await connection.ask(request)
      count += 1
      if (isMeasured(answer)) latencies.push(performance.now() - begin)
      bytes += answer.length
      if (answer.status !== 200) failures += 1
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, run))
  return {
    requests: count,
    seconds: (performance.now() - start) / 1000,
    bytes,
    latencies,
    failures,
  }
}

export interface RawAnswer {
  readonly status: number
  readonly length: number
  readonly head: string
  readonly body: Buffer
}

export interface Connection {
  /** False once the server has closed it, as it does with one that nobody used for a while. */
  readonly isOpen: boolean
  ask(request: RawRequest): Promise<RawAnswer>
  close(): void
}

export async function open(port: number): Promise<Connection> {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let waiting: { resolve(answer: RawAnswer): void; reject(error: Error): void } | null = null
  let chunks: Buffer[] = []
  let length = 0
  let expected: number | null = null
  let head = ''
  let bodyAt = 0
  const fail = (error: Error) => waiting?.reject(error)
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed the connection')))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    length += chunk.length
    if (expected === null && !readHead()) return
    if (expected === chunked ? !endsChunked() : length < (expected ?? 0)) return
    const answer = {
      status: Number(head.slice(9, 12)),
      length,
      head,
      body: Buffer.concat(chunks).subarray(bodyAt),
    }
    chunks = []
    length = 0
    expected = null
    const { resolve } = waiting ?? {}
    waiting = null
    resolve?.(answer)
  })

  function readHead(): boolean {
    const all = Buffer.concat(chunks)
    const at = all.indexOf('\r\n\r\n')
    if (at === -1) return false
    chunks = [all]
    head = all.toString('latin1', 0, at)
    bodyAt = at + 4
    const contentLength = /^content-length: *(\d+)/im.exec(head)?.[1]
    if (contentLength !== undefined) expected = bodyAt + Number(contentLength)
    else expected = /^transfer-encoding: *chunked/im.test(head) ? chunked : bodyAt
    return true
  }

  function endsChunked(): boolean {
    const last = chunks.at(-1) as Buffer // called with one
    return last.length >= 5
      ? last.subarray(-5).equals(lastChunk)
      : Buffer.concat(chunks).subarray(-5).equals(lastChunk)
  }

  return {
    get isOpen() {
      return !socket.destroyed
    },
    ask(request) {
      return new Promise((resolve, reject) => {
        if (socket.destroyed) throw new Error('The server has closed the connection')
        waiting = { resolve, reject }
        socket.write(request)
      })
    },
    close: () => {
      waiting = null
      socket.destroy()
    },
  }
}

const chunked = -1
const lastChunk = Buffer.from('0\r\n\r\n')

export interface RequestOptions {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export function writeRequest({
  path,
  method = 'POST',
  body = '',
  headers = {},
}: RequestOptions): RawRequest {
  const all = {
    host: 'localhost',
    accept: 'application/json',
    ...(method === 'POST' && {
      'content-type': 'application/json',
      'content-length': `${Buffer.byteLength(body)}`,
    }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

export function readJson(answer: RawAnswer): unknown {
  return JSON.parse(readText(answer))
}

/** The text of an answer, unpacked. */
export function readText(answer: RawAnswer): string {
  const bytes = joinChunks(answer)
  const isPacked = /^content-encoding: *gzip/im.test(answer.head)
  return (isPacked ? gunzipSync(bytes) : bytes).toString('utf8')
}

function joinChunks({ body, head }: RawAnswer): Buffer {
  if (!/^transfer-encoding: *chunked/im.test(head)) return body
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (!size) break
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts)
}
