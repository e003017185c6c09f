import { describe, expect, test } from 'vitest'
import { datamodel } from '../../src/generated/datamodel.ts'
import { domain } from '../../src/schema/domain.ts'
import { authorId, fillCatalogue, texts, times } from '../foreign/catalogue-rows.ts'
import { createCatalogueSchema } from '../foreign/catalogue-schema.ts'
import { datamodel as foreignDatamodel } from '../foreign/generated/datamodel.ts'
import { catalogueTables, naiveCatalogue, naiveId } from '../foreign/naive-catalogue.ts'
import { openCatalogue } from '../foreign/open-catalogue.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { createAsker } from './ask-loaders.ts'
import { type Contest, compareDocuments, type Score } from './compare-answers.ts'
import { fillDomain, instants, rowId, words } from './domain-rows.ts'
import { type DomainEnv, domainId, domainTables, naiveDomain } from './naive-domain.ts'
import { createNaive } from './naive-schema.ts'
import { loadTables, type NaiveRow } from './naive-tables.ts'

const isLong = process.env.LOADLINE_LONG === '1'
const dataSets = isLong ? 400 : 12
const domainDataSets = isLong ? 200 : 8
const documents = isLong ? 110 : 70

describe('on a schema of another domain, with every feature of Prisma', () => {
  test(
    'the answer to any document is what a naive resolver over whole tables gives',
    async () => {
      await using database = await openCatalogue()
      const schema = createCatalogueSchema()
      const ask = createAsker({ schema, datamodel: foreignDatamodel, queryable: database })
      const askNaively = createNaive(schema, naiveCatalogue, naiveId)
      const score: Score = { cases: 0, cursors: 0 }

      for (let seed = 1; seed <= dataSets; seed += 1) {
        const authors = seed % 12 === 0 ? 0 : 2 + ((seed * 5) % 23)
        await fillCatalogue(database, seed, {
          authors,
          books: authors === 0 ? 0 : 3 + ((seed * 7) % 29),
        })
        const tables = await loadTables(database, catalogueTables)
        const rows = new Map<string, NaiveRow>()
        for (const [name, table] of Object.entries(tables)) {
          if (schema.getType(name)) for (const row of table.rows) rows.set(naiveId(row), row)
        }
        const rowOfId = (id: string) => rows.get(id) ?? null
        const contest: Contest = {
          schema,
          ask,
          rowOfId,
          askNaively: (text, variables, { viewer, rowOfCursor }) =>
            askNaively(text, variables, {
              tables,
              viewer: viewer ?? { id: null, role: 'ANONYMOUS' },
              rowOfCursor,
              rowOfId,
            }),
          pools: {
            texts: texts.slice(0, 24),
            times: [
              ...times.map((time) => `${time.replace(' ', 'T').slice(0, -3)}Z`),
              '2026-01-01T02:00:00+02:00',
            ],
            ids: [...rows.keys(), Buffer.from('Book:42').toString('base64url')],
          },
          viewers: [
            null,
            { id: authorId(0), role: 'WRITER' },
            { id: authorId(1), role: 'WRITER' },
            { id: authorId(0), role: 'EDITOR' },
          ],
        }
        await compareDocuments(contest, score, { seed, documents })
      }
      expect(score.cases).toBeGreaterThanOrEqual(isLong ? 75_000 : 1_500)
      expect(score.cursors).toBeGreaterThan(score.cases / 4)
    },
    isLong ? 7_200_000 : 300_000,
  )
})

describe('on the reference domain, as each kind of viewer', () => {
  test(
    'the answer to any document is what a naive resolver over whole tables gives',
    async () => {
      await using database = await openTestDatabase()
      const { schema } = domain
      const ask = createAsker({ schema, datamodel, queryable: database })
      const askNaively = createNaive<DomainEnv>(schema, naiveDomain, domainId)
      const score: Score = { cases: 0, cursors: 0 }

      for (let seed = 1; seed <= domainDataSets; seed += 1) {
        await fillDomain(database, seed, 4 + ((seed * 3) % 9))
        const tables = await loadTables(database, domainTables)
        const rows = new Map<string, NaiveRow>()
        for (const table of Object.values(tables)) {
          for (const row of table.rows) rows.set(domainId(row), row)
        }
        const rowOfId = (id: string) => rows.get(id) ?? null
        const contest: Contest = {
          schema,
          ask,
          rowOfId,
          askNaively: (text, variables, { viewer, rowOfCursor }) =>
            askNaively(text, variables, {
              tables,
              viewer: viewer ?? { id: null, role: 'ANONYMOUS' },
              rowOfCursor,
              rowOfId,
            }),
          pools: {
            texts: [...words, 'course-1', 'course-2'],
            times: [...instants, '2026-01-01T03:00:00+01:00'],
            ids: [...rows.keys()],
            knows: (type, field) =>
              naiveDomain[type]?.[field] !== undefined ||
              /Connection$|Edge$|^PageInfo$/.test(type) ||
              (type === 'LeaderboardEntry' && field === 'rank'),
          },
          viewers: [
            null,
            { id: rowId('User', 0), role: 'STUDENT' },
            { id: rowId('User', 1), role: 'TEACHER' },
            { id: rowId('User', 2), role: 'ADMIN' },
          ],
        }
        await compareDocuments(contest, score, { seed, documents })
      }
      expect(score.cases).toBeGreaterThanOrEqual(isLong ? 25_000 : 500)
    },
    isLong ? 7_200_000 : 300_000,
  )
})
