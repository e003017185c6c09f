import { createServer } from 'node:http'
import { createYoga } from 'graphql-yoga'
import { openLoadline } from 'loadline/yoga'
import { addDemoRows } from './demo-rows.ts'
import { datamodel } from './generated/datamodel.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { schema } from './schema.ts'
import { identify } from './tokens.ts'

const { DATABASE_URL, REDIS_URL, CACHE_NAMESPACE, PORT = '4100', NODE_ENV } = process.env

const loadline = await openLoadline({
  schema,
  datamodel,
  code: import.meta.dirname,
  database: DATABASE_URL ?? '.data',
  redisUrl: REDIS_URL,
  namespace: CACHE_NAMESPACE,
  createPrisma: (adapter) => new PrismaClient({ adapter }),
  identify,
  viewers: { model: 'Person', role: 'role' },
  mayExplain: () => NODE_ENV !== 'production',
  log: console,
})
await addDemoRows(loadline.prisma)

// Ours stand last: what refuses a request must come before answers are looked for.
const yoga = createYoga({ schema, plugins: [...loadline.plugins] })
const server = createServer(yoga)
server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : PORT
  console.log(`http://127.0.0.1:${port}/graphql (answers are kept: ${loadline.describeCache()})`)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(() => loadline[Symbol.asyncDispose]())
    server.closeIdleConnections()
  })
}
