import type { Database } from '../../src/sql/database.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { fiftyCourses } from '../loaders/queries.ts'
import { encodeId } from '../peers/global-id.ts'
import { openBenchDatabase } from '../support/bench-database.ts'
import { measure } from '../support/measure.ts'
import { createAnswerer } from '../support/request.ts'
import type { Curve, Series } from './curve.ts'

export interface GrowthOptions {
  readonly rounds: number
  readonly roundMs: number
}

/** Measures a document at each size: the time of a request, the CPU of Node, and the rows that it reads. */
export async function measureSizes(
  database: Database,
  sizes: readonly number[],
  queryOf: (size: number) => string,
  { rounds, roundMs }: GrowthOptions,
): Promise<readonly Series[]> {
  const answerer = createAnswerer(database)
  const ways = sizes.map((size) => [String(size), answerer.compiled(queryOf(size))] as const)
  const measured = await measure(Object.fromEntries(ways), {
    ...{ rounds, roundMs, warmUpMs: 2 * roundMs },
  })
  const tallies = await Promise.all(ways.map(async ([, run]) => (await run()).tally))
  const statements = [...new Set(tallies.map((tally) => tally.statements.length))]
  const at = (of: (index: number) => number) =>
    sizes.map((size, index) => [size, of(index)] as const)
  return [
    {
      name: 'p50, ms',
      points: at((index) => measured[index]?.p50Ms ?? Number.NaN),
      note: `${statements.join(', ')} statements`,
    },
    { name: 'CPU of Node, ms', points: at((index) => measured[index]?.cpuMs ?? Number.NaN) },
    { name: 'rows read', points: at((index) => tallies[index]?.rowsRead ?? Number.NaN) },
  ]
}

const sizes = [1, 3, 10, 30, 100]

export async function growParents(options: GrowthOptions): Promise<Curve> {
  await using database = await openBenchDatabase()
  const queryOf = (count: number) =>
    `{ courses(first: ${count}, orderBy: TITLE) { nodes { title teacher { name } enrollments(first: 10) { nodes { progress student { name } } } lessons(first: 5) { nodes { title } } } } }`
  return {
    name: 'Nested page by the number of parents',
    axes: { x: 'parents', y: 'cost of a request' },
    series: await measureSizes(database, sizes, queryOf, options),
  }
}

export async function growPages(options: GrowthOptions): Promise<Curve> {
  await using database = await openBenchDatabase()
  const ids = await readCourseIds(database, 10)
  const queryOf = (count: number) =>
    `{ nodes(ids: ${ids}) { ... on Course { title enrollments(first: ${count}) { nodes { progress student { name } } } } } }`
  return {
    name: 'Pages of ten parents by their size',
    axes: { x: 'rows of a page', y: 'cost of a request' },
    series: await measureSizes(database, sizes, queryOf, options),
  }
}

/** From one row to one row, so that nothing grows but the levels. */
export async function growDepth(options: GrowthOptions): Promise<Curve> {
  await using database = await openBenchDatabase()
  const from = (level: number): string =>
    level === 0
      ? 'title'
      : `title enrollments(first: 1) { nodes { progress course { ${from(level - 1)} } } }`
  const ids = await readCourseIds(database, 1)
  const queryOf = (levels: number) => `{ nodes(ids: ${ids}) { ... on Course { ${from(levels)} } } }`
  return {
    name: 'One row on each level by the number of levels',
    axes: { x: 'levels (a page, and a row to which it leads)', y: 'cost of a request' },
    series: await measureSizes(database, [1, 2, 4, 8], queryOf, options),
  }
}

/** Of courses with enough enrollments for every page, as a list of GraphQL. */
async function readCourseIds(database: Database, count: number): Promise<string> {
  const rows = await database.query(createStatement(fiftyCourses), [])
  return JSON.stringify(rows.slice(0, count).map(([id]) => encodeId('Course', String(id))))
}
