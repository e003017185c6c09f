import pg from 'pg'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { benchUrl } from '../support/bench-database.ts'
import { quantile } from '../support/measure.ts'
import { printTable } from '../support/report.ts'

/**
 * What capture costs a writer: each way of writing with the triggers on, over the same with them off,
 * turn by turn on one server. BENCH_DATABASE_URL names a migrated database that may be written to;
 * it is left as it was found, but for what it had in `Enrollment` by the bench.
 */
const url = benchUrl()
const rounds = Number(process.argv[2] ?? 8)
const writers = 16
const pool = new pg.Pool({ connectionString: url, max: writers })
/** As a process opens its own: what it writes, it announces itself. */
const database = await openPostgresql({ url, poolSize: writers, wakesDrainers: false })
const ownPool = new pg.Pool({
  connectionString: url,
  max: writers,
  options: '-c loadline.notify=off',
})
const prisma = new PrismaClient({ adapter: database.adapter })
const change = 'UPDATE "Enrollment" SET progress = $2, "updatedAt" = now() WHERE id = $1'

const insertRows = `INSERT INTO "Enrollment" (id, "courseId", "studentId")
  SELECT gen_random_uuid(), $1::uuid, student FROM unnest($2::uuid[]) AS student RETURNING id`

const { courses, students } = await addPeople()
const ids = await enroll(courses[0] ?? '', students)

interface Way {
  readonly name: string
  readonly wanted: string
  /** Milliseconds for a piece of work, or, of several writers, for one of theirs. */
  readonly run: () => Promise<number>
}

const ways: readonly Way[] = [
  {
    name: 'mutation of one row, Prisma',
    wanted: '1.30',
    run: () => timeEach(50, mutateWithPrisma),
  },
  { name: 'the same in bare SQL', wanted: '', run: () => timeEach(60, mutate) },
  { name: 'import of 1,000 rows', wanted: '1.20', run: () => timeEach(3, importRows) },
  { name: 'UPDATE of 1,000 rows', wanted: '', run: () => timeEach(3, updateRows) },
  { name: '16 writers, Prisma', wanted: '1.33', run: () => timeWriters(mutateWithPrisma) },
  { name: '16 writers, bare SQL', wanted: '', run: () => timeWriters(mutate) },
  { name: '16 writers from outside, UPDATE only', wanted: '', run: () => timeWriters(update) },
]

try {
  const rows: string[][] = []
  for (const { name, wanted, run } of ways) rows.push([name, ...(await compare(run)), wanted])
  process.stdout.write(
    `${printTable(['way', 'off ms', 'on ms', 'on / off', 'middle half', 'at most'], rows)}\n`,
  )
} finally {
  await switchTriggers(true)
  await pool.query('DELETE FROM "Course" WHERE slug LIKE $1', ['capture-bench-%'])
  await pool.query('DELETE FROM "User" WHERE email LIKE $1', ['capture-bench-%'])
  await pool.query('TRUNCATE loadline.outbox')
  await pool.end()
  await ownPool.end()
  await prisma.$disconnect()
  await database[Symbol.asyncDispose]()
}

async function compare(run: () => Promise<number>): Promise<string[]> {
  const off: number[] = []
  const on: number[] = []
  for (let round = -1; round < rounds; round += 1) {
    // The order alternates, so that what drifts does not drift for one of them only.
    for (const isOn of round % 2 === 0 ? [true, false] : [false, true]) {
      await switchTriggers(isOn)
      const ms = await run()
      if (round >= 0) (isOn ? on : off).push(ms)
    }
  }
  const ratios = on.map((ms, index) => ms / (off[index] ?? Number.NaN))
  const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)]
  return [
    quantile(off, 0.5).toFixed(3),
    quantile(on, 0.5).toFixed(3),
    quantile(ratios, 0.5).toFixed(2),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
  ]
}

async function switchTriggers(isOn: boolean): Promise<void> {
  for (const event of ['insert', 'update', 'delete']) {
    const state = isOn ? 'ENABLE ALWAYS' : 'DISABLE'
    await pool.query(`ALTER TABLE "Enrollment" ${state} TRIGGER loadline_${event}`)
  }
  await pool.query('TRUNCATE loadline.outbox')
}

async function timeEach(count: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < count; turn += 1) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return quantile(times, 0.5)
}

async function timeWriters(work: () => Promise<unknown>): Promise<number> {
  let done = 0
  const start = performance.now()
  const write = async () => {
    while (performance.now() - start < 700) {
      await work()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: writers }, write))
  return (performance.now() - start) / done
}

/** As our own mutations write, through the client that they use. */
async function mutateWithPrisma(): Promise<void> {
  const id = pick(ids)
  await prisma.$transaction(async (tx) => {
    await tx.user.findUnique({ where: { id: pick(students) }, select: { id: true, role: true } })
    await tx.$queryRaw`SELECT id FROM "Enrollment" WHERE id = ${id}::uuid FOR UPDATE`
    await tx.enrollment.update({ where: { id }, data: { progress: Math.random() } })
  })
}

/** As our own mutations write: a look at who writes, a lock, the change. */
async function mutate(): Promise<void> {
  const client = await ownPool.connect()
  const id = pick(ids)
  try {
    await client.query('BEGIN')
    await client.query(
      named('viewer', 'SELECT id, role FROM "User" WHERE id = $1', [pick(students)]),
    )
    await client.query(named('lock', 'SELECT id FROM "Enrollment" WHERE id = $1 FOR UPDATE', [id]))
    await client.query(named('change', change, [id, Math.random()]))
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

async function update(): Promise<void> {
  await pool.query(named('change', change, [pick(ids), Math.random()]))
}

async function importRows(): Promise<void> {
  const client = await ownPool.connect()
  try {
    await client.query('BEGIN')
    await client.query(named('import', insertRows, [courses[1], students]))
    await client.query('ROLLBACK')
  } finally {
    client.release()
  }
}

async function updateRows(): Promise<void> {
  await pool.query(
    named(
      'many',
      'UPDATE "Enrollment" SET progress = $2, "updatedAt" = now() WHERE id = ANY ($1)',
      [ids, Math.random()],
    ),
  )
}

function named(name: string, text: string, values: readonly unknown[]) {
  return { name: `bench ${name}`, text, values: [...values] }
}

async function addPeople() {
  const people = await pool.query<{ id: string }>(
    `INSERT INTO "User" (id, email, name)
     SELECT gen_random_uuid(), 'capture-bench-' || i, 'n' FROM generate_series(1, 1000) AS i RETURNING id`,
  )
  const students = people.rows.map(({ id }) => id)
  const made = await pool.query<{ id: string }>(
    `INSERT INTO "Course" (id, "teacherId", title, slug, summary, description)
     SELECT gen_random_uuid(), $1, 't', 'capture-bench-' || i, '', '' FROM generate_series(1, 2) AS i
     RETURNING id`,
    [students[0]],
  )
  return { students, courses: made.rows.map(({ id }) => id) }
}

async function enroll(course: string, students: readonly string[]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(insertRows, [course, students])
  return rows.map(({ id }) => id)
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T // the lists are not empty
}
