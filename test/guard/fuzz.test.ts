import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checksum } from '../mutations/call.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { testDatabaseKind } from '../support/test-databases.ts'
import { createDice, fuzzRequest } from './fuzzed-request.ts'

const isServer = testDatabaseKind() === 'postgresql'

/** 20,000 in CI; `LOADLINE_FUZZ=1000000` asks for a million, `LOADLINE_FUZZ_SEED` for others. */
const documents = Number(process.env.LOADLINE_FUZZ ?? (process.env.CI && isServer ? 20_000 : 2_000))
const seed = Number(process.env.LOADLINE_FUZZ_SEED ?? 7)
const atATime = isServer ? 16 : 4

const env = {
  NODE_ENV: 'production',
  LOADLINE_INTROSPECTION: 'true',
  LOADLINE_LIMITS:
    'rate=1000000000,loopDelayMs=100000,queueMs=600000,queued=100000,requestMs=120000,cost=300,executionsPerViewer=20',
}

let app: TestApp
let token: string

beforeAll(async () => {
  app = await startTestApp({ env: { ...env, LOG_LEVEL: 'warn' } })
  const student = await app.rows.user()
  const course = await app.rows.course()
  await app.rows.enrollment({ courseId: course.id, studentId: student.id })
  token = await app.tokenFor((await app.rows.admin()).id)
})
afterAll(() => app[Symbol.asyncDispose]())

test(
  `${documents} documents made up at random make no server error, change no row and leave no memory behind`,
  async () => {
    const dice = createDice(seed)
    const before = await checksum(app)
    const statuses = new Map<number, number>()
    await run(Math.floor(documents / 2))
    const half = heapBytes()
    await run(Math.ceil(documents / 2))
    const growth = heapBytes() - half

    expect(await checksum(app)).toBe(before)
    // Caches are full by then; what still grows would grow without end.
    expect(growth).toBeLessThan(48 * 1_024 * 1_024)
    // Neither all nonsense nor all well.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(documents / 50)
    expect(statuses.get(400) ?? 0).toBeGreaterThan(documents / 5)

    async function run(count: number): Promise<void> {
      let left = count
      const worker = async () => {
        while (left > 0) {
          left -= 1
          await ask(fuzzRequest(app.schema, dice))
        }
      }
      await Promise.all(Array.from({ length: atATime }, worker))
    }

    async function ask(request: object): Promise<void> {
      const body = JSON.stringify(request)
      // What is changed by those who may is no fault: mutations come from nobody.
      const isMutation = body.includes('mutation')
      const response = await app.fetch('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(isMutation ? {} : { authorization: `Bearer ${token}` }),
        },
        body,
      })
      const text = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      const isBug = response.status >= 500 || text.includes('INTERNAL_SERVER_ERROR')
      if (isBug)
        throw new Error(`Seed ${seed}: ${response.status} ${text.slice(0, 500)} for ${body}`)
    }
  },
  Math.max(600_000, documents * 20),
)

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}
