import { afterAll, beforeAll, expect, test } from 'vitest'
import { checksum, gid } from '../mutations/call.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createHostileRequests, type HostileRequest } from './hostile-requests.ts'

/** As in production, but for the rate: one client sends all of it. */
const env = {
  NODE_ENV: 'production',
  LOADLINE_INTROSPECTION: 'true',
  LOADLINE_LIMITS: 'rate=100000000,loopDelayMs=100000,queueMs=60000',
}

let app: TestApp
let corpus: readonly HostileRequest[]
let senders: Readonly<Record<'student' | 'admin', string>>

beforeAll(async () => {
  app = await startTestApp({ env })
  const [student, admin] = [await app.rows.user(), await app.rows.admin()]
  const course = await app.rows.course()
  await app.rows.lesson({ courseId: course.id })
  await app.rows.enrollment({ courseId: course.id, studentId: student.id })
  senders = { student: await app.tokenFor(student.id), admin: await app.tokenFor(admin.id) }
  corpus = createHostileRequests(app.schema, [gid('Course', course), gid('User', admin)])
})
afterAll(() => app[Symbol.asyncDispose]())

test('no hostile request makes the server fail, hang, answer with anything but JSON, or change a row', async () => {
  const before = await checksum(app)
  const faults: string[] = []
  for (const request of corpus) {
    const fault = findFault(await send(request))
    if (fault) faults.push(`${request.name}: ${fault}`)
  }

  expect(corpus.length).toBeGreaterThanOrEqual(300)
  expect(faults).toEqual([])
  expect(await checksum(app)).toBe(before)
  expect(Object.keys({}).concat(Object.keys(Object.prototype))).toEqual([])
  expect(app.logged.filter(({ level }) => level >= 50)).toEqual([])
}, 300_000)

test('afterwards it answers as before', async () => {
  expect((await app.query('{ courses { nodes { title } } }')).status).toBe(200)
})

interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function send({
  method = 'POST',
  path = '/graphql',
  headers = {},
  body,
  as,
}: HostileRequest): Promise<Reply> {
  const response = await app.fetch(path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(as ? { authorization: `Bearer ${senders[as]}` } : {}),
      ...headers,
    },
    ...(method === 'GET' || body === undefined ? {} : { body }),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

function findFault({ status, headers, text }: Reply): string | null {
  if (status >= 500) return `status ${status}: ${text.slice(0, 200)}`
  if (headers.get('set-cookie') !== null) return 'a header was injected'
  if (!headers.get('content-type')?.includes('json')) return `it is ${headers.get('content-type')}`
  const { data, errors } = JSON.parse(text)
  if (status !== 200 && data !== undefined) return 'data beside a failing status'
  for (const { message, extensions } of errors ?? []) {
    if (typeof extensions?.code !== 'string') return `an error without a code: ${message}`
    if (extensions.code === 'INTERNAL_SERVER_ERROR') return `a bug: ${message}`
  }
  return /node_modules|\bat .*\.(ts|js):\d|SELECT |pg_|PrismaClient/.test(text)
    ? `it tells too much: ${text.slice(0, 200)}`
    : null
}
