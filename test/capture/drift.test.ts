import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { captureOptions } from '../../prisma/capture-options.ts'
import { listCapturedTables } from '../../src/capture/captured-table.ts'
import { findStaleTriggers } from '../../src/capture/find-stale-triggers.ts'
import { findUncapturedTables } from '../../src/capture/find-uncaptured-tables.ts'
import { generateTriggers } from '../../src/capture/generate-triggers.ts'
import { datamodel } from '../../src/generated/datamodel.ts'
import { getColumn, getModel } from '../../src/sql/datamodel.ts'
import { migrationsFolder } from '../../src/sql/migrations.ts'
import { datamodel as catalogue } from '../foreign/generated/datamodel.ts'
import { openCatalogue } from '../foreign/open-catalogue.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { createProbe } from './probe.ts'

test('the migrations make the triggers that the schema asks for', async () => {
  await using database = await openTestDatabase()

  expect(await findStaleTriggers(database, datamodel, captureOptions)).toEqual([])
})

test('a table that lost a trigger, or has it no longer for replicated sessions, is named', async () => {
  await using database = await openTestDatabase()
  const probe = createProbe(database)
  await probe.run('DROP TRIGGER loadline_insert ON "Course"')
  await probe.run('ALTER TABLE "Lesson" ENABLE TRIGGER loadline_delete')

  expect(await findStaleTriggers(database, datamodel, captureOptions)).toEqual([
    'trigger loadline_delete on "Lesson"',
    'trigger loadline_insert on "Course"',
  ])
  expect(await findStaleTriggers(database, datamodel, captureOptions)).toEqual([])
})

test('a column that the triggers do not know makes them out of date', async () => {
  await using database = await openTestDatabase()
  await createProbe(database).run('ALTER TABLE "Course" ADD COLUMN level int')
  const course = getModel(datamodel, 'Course')
  const level = { ...course.columns.priceCents, name: 'level', dbName: 'level', isNullable: true }
  const columns = { ...course.columns, level } as typeof course.columns // a copy of a column
  const changed = { ...datamodel, models: { ...datamodel.models, Course: { ...course, columns } } }

  expect(await findStaleTriggers(database, changed, captureOptions)).toEqual([
    'function Course_delete',
    'function Course_insert',
    'function Course_update',
  ])
})

test('at a start, tables are named whose triggers are gone, off, or know less than the datamodel', async () => {
  await using database = await openTestDatabase()
  const probe = createProbe(database)
  const find = (changed = datamodel) =>
    findUncapturedTables(database, changed, captureOptions.leaveOut)
  expect(await find()).toEqual([])

  const { Course: course } = datamodel.models
  if (!course) throw new Error('There is no such model')
  const { priceCents: _, ...others } = course.columns
  const level = { ...getColumn(course, 'priceCents'), name: 'level', dbName: 'level' }
  const withColumns = (columns: typeof course.columns) => ({
    ...datamodel,
    models: { ...datamodel.models, Course: { ...course, columns } },
  })
  expect(await find(withColumns({ ...course.columns, level }))).toEqual(['"Course"'])
  expect(await find(withColumns(others))).toEqual([])

  await probe.run('DROP TRIGGER loadline_truncate ON "Course"')
  await probe.run('ALTER TABLE "Lesson" ENABLE TRIGGER loadline_delete')
  expect([...(await find())].sort()).toEqual(['"Course"', '"Lesson"'])
})

test('the foreign schema has triggers that know all of it, join tables too', async () => {
  await using database = await openCatalogue()
  expect(await findUncapturedTables(database, catalogue)).toHaveLength(
    listCapturedTables(catalogue).length,
  )

  const adapter = await database.adapter.connect()
  await adapter.executeScript(generateTriggers(catalogue))

  expect(await findUncapturedTables(database, catalogue)).toEqual([])
})

test('generating again replaces the triggers and keeps what waits in the outbox', async () => {
  await using database = await openTestDatabase()
  const probe = createProbe(database)
  await probe.run(`INSERT INTO "AiProvider" (id, name, slug) VALUES (gen_random_uuid(), 'n', 's')`)
  const adapter = await database.adapter.connect()

  await adapter.executeScript(generateTriggers(datamodel, { ...captureOptions, mostNamed: 1 }))

  expect(await probe.run('SELECT tags FROM loadline.outbox')).toEqual([
    [['AiProvider~', 'AiProvider.*']],
  ])
  expect(await probe.tagsOf(`UPDATE "AiProvider" SET name = 'm'`)).toContain('AiProvider.*/name')
})

test('the drift check fails when no migration has made the triggers', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-drift-'))
  try {
    await cp(migrationsFolder, folder, {
      recursive: true,
      filter: (path) => !/_capture_writes/.test(path),
    })
    const script = ['--import', 'tsx', 'scripts/db-check.ts', '--migrations', folder]

    const { status, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' })

    expect(stderr).toContain('Write them anew with: npm run db:triggers')
    expect(status).toBe(1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
