/** The limit: node:http, and one hand-written statement of each workload that builds its JSON. */
import { createServer } from 'node:http'
import pg from 'pg'
import { statements } from '../workloads/statements.ts'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const { workload, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const text = statements[workload] ?? ''
    const { rows } = await pool.query({
      name: workload,
      text,
      values: text.includes('$1') ? [variables] : [],
      rowMode: 'array',
    })
    // As text: to parse JSON only to print it again would be no limit.
    const body = `{"data":${rows[0]?.[0]}}`
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
