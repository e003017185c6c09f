import { defineConfig } from 'prisma/config'

// Migrations need a session of their own, which a transaction pooler cannot give.
const url = process.env.DIRECT_DATABASE_URL || process.env.DATABASE_URL

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
})
