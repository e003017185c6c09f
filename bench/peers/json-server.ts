/**
 * The limit: node:http, and one hand-written statement of each workload that builds its JSON. With
 * KEEP each is run once, and its text kept in a buffer of the process, or read from Redis each time.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { gzipSync } from 'node:zlib'
import { Redis } from 'ioredis'
import pg from 'pg'
import { statements } from '../workloads/statements.ts'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const redis = process.env.KEEP === 'redis' ? new Redis(process.env.REDIS_URL ?? '') : null
const answer = process.env.KEEP === undefined ? compute : keep
const kept = new Map<string, Buffer>()

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const { workload, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const isPacked = answer === keep && takesGzip(request)
    const body = await answer(workload, variables, isPacked)
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(isPacked && { 'content-encoding': 'gzip' }),
    })
    response.end(body)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

async function compute(workload: string, variables: object): Promise<Buffer> {
  const text = statements[workload] ?? ''
  const { rows } = await pool.query({
    name: workload,
    text,
    values: text.includes('$1') ? [variables] : [],
    rowMode: 'array',
  })
  // As text: to parse JSON only to print it again would be no limit.
  return Buffer.from(`{"data":${rows[0]?.[0]}}`)
}

async function keep(workload: string, variables: object, isPacked: boolean): Promise<Buffer> {
  const key = `bench:${workload}:${isPacked}`
  const found = redis ? await redis.getBuffer(key) : kept.get(key)
  if (found) return found
  const text = await compute(workload, variables)
  const body = isPacked ? gzipSync(text) : text
  if (redis) await redis.set(key, body)
  else kept.set(key, body)
  return body
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return /gzip/.test(String(headers['accept-encoding'] ?? ''))
}
