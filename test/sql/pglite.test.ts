import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { DatabaseOpenError } from '../../src/sql/database-open-error.ts'
import { acquireLockFile } from '../../src/sql/lock-file.ts'
import { applyMigrations, findPendingMigrations } from '../../src/sql/migrations.ts'
import { openPglite } from '../../src/sql/pglite.ts'

let parent: string
let dataDir: string
let lockFile: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loadline-test-'))
  dataDir = join(parent, 'database')
  lockFile = `${dataDir}.lock`
})
afterEach(() => rm(parent, { recursive: true, force: true }))

test('a second process is refused the folder, by name and pid, and gets it when the first ends', async () => {
  const holder = startHolder()
  await holder.nextLine((line) => line === 'opened')

  const refused = await openPglite({ dataDir }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(DatabaseOpenError)
  expect(String(refused)).toContain(
    `${dataDir} is in use by process ${holder.child.pid}. Stop it, or`,
  )
  const other = startHolder('once')
  expect(await other.nextLine(() => true)).toContain(`in use by process ${holder.child.pid}`)
  await other.ended

  holder.child.kill('SIGTERM')
  await holder.ended
  const late = startHolder('once')
  expect(await late.nextLine((line) => line === 'closed')).toBe('closed')
})

test('a process that is killed leaves a lock that the next one takes over, and loses no acknowledged row', async () => {
  const holder = startHolder()
  await holder.nextLine((line) => Number(line) >= 20)

  holder.child.kill('SIGKILL')
  await holder.ended

  await using database = await openPglite({ dataDir })
  const rows = await database.query({ name: '', text: 'SELECT n FROM kept ORDER BY n' }, [])
  const acknowledged = holder.lines.map(Number).filter((n) => Number.isInteger(n))
  expect(rows.flat().slice(0, acknowledged.length)).toEqual(acknowledged)
  expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.pid })
})

test('the same process cannot open a folder twice', async () => {
  await using _first = await openPglite({ dataDir })

  await expect(openPglite({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`)
})

test('closing removes the lock, once, and not that of a later owner', async () => {
  const release = await acquireLockFile(lockFile, { folder: dataDir })
  await release()
  const releaseLater = await acquireLockFile(lockFile, { folder: dataDir })
  await release()

  expect(await readdir(parent)).toEqual(['database.lock'])
  await releaseLater()
  expect(await readdir(parent)).toEqual([])
})

test.runIf(process.platform === 'linux')(
  'a pid that was given to another process since does not hold the lock',
  async () => {
    await writeFile(
      lockFile,
      JSON.stringify({ pid: process.pid, host: hostname(), bornAt: 'before', id: 'old' }),
    )

    const release = await acquireLockFile(lockFile, { folder: dataDir })

    await release()
  },
)

test('a lock of another machine is left alone, and the file to delete is named', async () => {
  await writeFile(
    lockFile,
    JSON.stringify({ pid: 7, host: 'elsewhere', bornAt: null, id: 'other' }),
  )

  await expect(acquireLockFile(lockFile, { folder: dataDir })).rejects.toThrow(
    `${dataDir} is locked by process 7 on elsewhere. If that one has ended, delete ${lockFile}.`,
  )
})

test('an unreadable lock is taken over once it is old enough not to be half written', async () => {
  await writeFile(lockFile, '')

  const release = await acquireLockFile(lockFile, { folder: dataDir })

  await release()
})

test('of many who find a stale lock, one gets it', async () => {
  await writeFile(
    lockFile,
    JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), bornAt: null, id: 'dead' }),
  )

  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => acquireLockFile(lockFile, { folder: dataDir })),
  )

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('migrated data is there after a restart, and nothing is pending', async () => {
  const provider = { name: 'Open Models', slug: 'open-models' }
  {
    await using database = await openPglite({ dataDir })
    await applyMigrations(database)
    const prisma = new PrismaClient({ adapter: database.adapter })
    await prisma.aiProvider.create({ data: provider })
    await prisma.$disconnect()
  }

  await using database = await openPglite({ dataDir })

  expect(await findPendingMigrations(database)).toEqual([])
  const find = { name: '', text: 'SELECT name, slug FROM "AiProvider"' }
  expect(await database.query(find, [])).toEqual([[provider.name, provider.slug]])
})

test('an abort frees the caller', async () => {
  await using database = await openPglite({ dataDir: 'memory://' })
  const reason = new Error('the client hung up')
  const controller = new AbortController()
  const running = database.query({ name: '', text: 'SELECT 1' }, [], { signal: controller.signal })

  controller.abort(reason)

  await expect(running).rejects.toBe(reason)
  await database.ping()
})

test('disposing twice is one end', async () => {
  const database = await openPglite({ dataDir: 'memory://' })

  await database[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()

  await expect(database.ping()).rejects.toThrow()
})

test('a folder that cannot be made is said with its name', async () => {
  await writeFile(join(parent, 'file'), '')
  const impossible = join(parent, 'file', 'database')

  const error = await openPglite({ dataDir: impossible }).catch((caught: unknown) => caught)

  expect(error).toBeInstanceOf(DatabaseOpenError)
  expect(String(error)).toContain(`Cannot make the folder ${join(parent, 'file')}`)
})

interface Holder {
  readonly child: ChildProcess
  readonly lines: readonly string[]
  readonly ended: Promise<unknown>
  nextLine(matches: (line: string) => boolean): Promise<string>
}

function startHolder(...args: readonly string[]): Holder {
  const script = fileURLToPath(new URL('./hold-pglite.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const output = createInterface({ input: child.stdout })
  output.on('line', (line) => lines.push(line))
  return {
    child,
    lines,
    ended: once(child, 'exit'),
    nextLine: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find(matches)
          if (found !== undefined) resolve(found)
        }
        output.on('line', look)
        look()
      }),
  }
}
