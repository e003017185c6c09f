import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import type { PrismaClient } from '../../src/generated/prisma/client.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A course of the nested page, as Prisma gives it. */
export interface NestedCourse {
  readonly id: string
  readonly enrollments: readonly object[]
  readonly lessons: readonly object[]
  readonly _count?: { readonly enrollments: number }
}

/** The nested page as a user of Prisma would write it, in one `findMany`. */
export interface PrismaReader {
  nestedPage(ids: readonly string[], counted: boolean): Promise<readonly NestedCourse[]>
}

/** With the preview feature `relationJoins`, or with a statement for each level of `include`. */
export type PrismaVariant = 'relationJoins' | 'include'

/**
 * Generates a client of the product's schema for each variant, below `bench/generated`; for the peer
 * that is made with Pothos, with the types of its plugin.
 */
export function generatePrismaClients({ forPothos = false } = {}): void {
  const types = forPothos ? pothosTypes : ''
  generate('relationJoins', 'previewFeatures = ["relationJoins"]', types)
  generate('include', '', types)
}

const pothosTypes = `generator pothos {
  provider           = "node bench/peers/node_modules/@pothos/plugin-prisma/bin/generator.js"
  output             = "./pothos.ts"
  clientOutput       = "./client/client.ts"
  generateDatamodel  = true
}
`

export async function openPrismaReader(
  connectionString: string,
  variant: PrismaVariant,
): Promise<PrismaReader> {
  const module: { PrismaClient: typeof PrismaClient } = await import(
    new URL(`../generated/${variant}/client/client.ts`, import.meta.url).href
  )
  const prisma = new module.PrismaClient({ adapter: new PrismaPg({ connectionString, max: 10 }) })
  return {
    nestedPage: (ids, counted) =>
      prisma.course.findMany({
        where: { id: { in: [...ids] } },
        select: {
          id: true,
          title: true,
          teacher: { select: { name: true } },
          enrollments: {
            orderBy: [{ enrolledAt: 'desc' }, { id: 'desc' }],
            take: 10,
            select: { progress: true, student: { select: { name: true } } },
          },
          lessons: {
            orderBy: [{ position: 'asc' }, { id: 'asc' }],
            take: 5,
            select: { title: true, position: true },
          },
          ...(counted ? { _count: { select: { enrollments: true } } } : {}),
        },
      }),
  }
}

function generate(name: PrismaVariant, features: string, types: string): void {
  const folder = `${root}bench/generated/${name}`
  mkdirSync(folder, { recursive: true })
  const models = readFileSync(`${root}prisma/schema.prisma`, 'utf8').replace(
    /generator \w+ \{[^}]*\}/g,
    '',
  )
  const generator = `generator client {\n  provider = "prisma-client"\n  output = "./client"\n  runtime = "nodejs"\n  moduleFormat = "esm"\n  ${features}\n}\n`
  writeFileSync(`${folder}/schema.prisma`, generator + types + models)
  execFileSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/prisma.ts', 'generate', '--schema', `${folder}/schema.prisma`],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  )
}
