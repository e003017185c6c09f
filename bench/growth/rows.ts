import pg from 'pg'
import { datamodel } from '../../src/generated/datamodel.ts'
import { createIdEncoder } from '../../src/loaders/global-id.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { applyMigrations } from '../../src/sql/migrations.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { benchUrl, openAdmin } from '../support/bench-database.ts'
import type { Curve } from './curve.ts'
import { type GrowthOptions, measureSizes } from './requests.ts'

const kinds = {
  'first 10, indexed order': 'enrollments(first: 10) { nodes { progress } }',
  'last 10, indexed order': 'enrollments(last: 10) { nodes { progress } }',
  'total count': 'enrollments { totalCount }',
  aggregates: 'stats { averageProgress completionRate }',
}

/** Lists of 100 rows and ten times as many each, up to `most`, all in the same tables. */
export async function growRows(options: GrowthOptions & { readonly most: number }): Promise<Curve> {
  const sizes: number[] = []
  for (let size = 100; size <= options.most; size *= 10) sizes.push(size)
  const admin = await openAdmin(benchUrl())
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(benchUrl())
  url.pathname = `/${name}`
  try {
    await using database = await openPostgresql({ url: url.href })
    await applyMigrations(database)
    await fill(url.href, sizes)
    const series = []
    for (const [kind, selection] of Object.entries(kinds)) {
      const queryOf = (size: number) => `{ course(id: "${courseOf(size)}") { ${selection} } }`
      const [time, , rows] = await measureSizes(database, sizes, queryOf, options)
      const read = new Set(rows?.points.map(([, count]) => count))
      series.push({
        name: kind,
        points: time?.points ?? [],
        note: `${[...read].join(', ')} rows read`,
      })
    }
    return {
      name: 'A list by the number of its rows',
      axes: { x: 'rows of the list', y: 'p50, ms' },
      series,
    }
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
}

const name = 'loadline_growth'

function courseOf(size: number): string {
  const id = `00000002-0000-7000-8000-${size.toString(16).padStart(12, '0')}`
  return createIdEncoder('Course', getModel(datamodel, 'Course'))({ id })
}

/** One course of each size. No deadline of a request holds here. */
async function fill(connectionString: string, sizes: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const key = (prefix: string, number: string) =>
    `('${prefix}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
  await client.query(
    `INSERT INTO "User" (id, email, name) SELECT ${key('00000001', 'n')}, n || '@growth.test', 'Person ' || n FROM generate_series(1, ${sizes.at(-1)}) n`,
  )
  for (const [index, size] of sizes.entries()) {
    await client.query(
      `INSERT INTO "Course" (id, "teacherId", title, slug, summary, description, status, "publishedAt") VALUES (${key('00000002', String(size))}, ${key('00000001', '1')}, 'Course of ${size}', 'course-${size}', '', '', 'ACTIVE', '2026-01-01')`,
    )
    await client.query(
      `INSERT INTO "Enrollment" (id, "courseId", "studentId", progress, "enrolledAt") SELECT ${key(`1000000${index}`, 'n')}, ${key('00000002', String(size))}, ${key('00000001', 'n')}, 0.5, '2026-01-01'::timestamptz + n * interval '1 second' FROM generate_series(1, ${size}) n`,
    )
  }
  for (const table of ['User', 'Course', 'Enrollment']) {
    await client.query(`VACUUM (ANALYZE) "${table}"`)
  }
  await client.end()
}
