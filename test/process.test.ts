import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startProcess, startServerProcess } from './support/start-process.ts'

let root: string
let firstOutput: string
/** A process that was started for the second time; tests only ask it. */
let running: StartedServer
let runningEnv: { LOADLINE_DATA_DIR: string }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'loadline-process-'))
  await using first = await startServerProcess({ LOADLINE_DATA_DIR: join(root, 'template') })
  first.kill('SIGTERM')
  await first.exited
  firstOutput = first.output.stdout + first.output.stderr
  runningEnv = await dataFolder()
  running = await startServerProcess(runningEnv)
}, 120_000)
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

// A test here starts processes, each of which takes its seconds where the cores are shared.
describe('with nothing configured', { timeout: 120_000 }, () => {
  test('the first start seeds, a later one does not, and says what it is', () => {
    const seeding = /100 % .* of .* rows/
    expect(firstOutput).toMatch(seeding)
    expect(running.output.stdout).not.toMatch(seeding)
    expect(running.output.stderr).toBe('')
    expect(running.output.stdout).toContain(`${running.origin}/graphql`)
    expect(running.output.stdout).toMatch(/database +PGlite in /)
    expect(running.output.stdout).toMatch(/cache +in process/)
    for (const name of ['student', 'teacher', 'admin']) {
      expect(running.output.stdout).toContain(`npm run -s token -- ${name}@loadline.dev`)
    }
  })

  test('a token for a demo person comes from a command, also while the process runs', async () => {
    const token = await tokenOf('admin@loadline.dev', runningEnv)
    const { data } = await ask(running, '{ viewer { role } }', token)

    expect(data).toEqual({ viewer: { role: 'ADMIN' } })
  })

  test('a change is there after a restart', async () => {
    const env = await dataFolder()
    const token = await tokenOf('student@loadline.dev', env)
    const headline = 'Learning to sail'
    await using first = await startServerProcess(env)
    const written = await ask(
      first,
      `mutation { updateProfile(input: { headline: "${headline}" }) { profile { headline } } }`,
      token,
    )
    expect(written.errors).toBeUndefined()
    first.kill('SIGTERM')
    expect(await first.exited).toBe(0)

    await using second = await startServerProcess(env)
    const read = await ask(second, '{ viewer { profile { headline } } }', token)

    expect(read.data).toEqual({ viewer: { profile: { headline } } })
  })
})

describe('SIGTERM', () => {
  test('under load loses no request, and the process ends by itself', async () => {
    await using server = await startServerProcess(await dataFolder())
    const load = startLoad(server, 20)
    await load.answered(300)
    server.kill('SIGTERM')
    server.kill('SIGTERM')
    const { lost, refused } = await load.ended

    expect(lost).toEqual([])
    expect(refused).toBe(20)
    expect(await server.exited).toBe(0)
    expect(server.output.stderr).toBe('')
  })
})

describe('what keeps a process from starting is one clear line, and exit code 1:', () => {
  test('a folder that another process uses', async () => {
    await using second = startProcess('src/main.ts', { env: { ...runningEnv, PORT: '0' } })

    expect(await second.exited).toBe(1)
    expect(second.output.stderr).toMatch(
      /^\S+ is in use by process \d+\. Stop it, or set LOADLINE_DATA_DIR to another folder\.\n$/,
    )
    expect((await ask(running, '{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  test('a port that is taken, before the database is touched', async () => {
    const env = { LOADLINE_DATA_DIR: join(root, 'untouched'), PORT: new URL(running.origin).port }
    await using second = startProcess('src/main.ts', { env })

    expect(await second.exited).toBe(1)
    expect(second.output.stderr).toMatch(/^Port \d+ on 127\.0\.0\.1 is taken\. .*\n$/)
    expect(await readdir(env.LOADLINE_DATA_DIR)).toEqual(['jwt-secret'])
  })

  test('a configuration with faults, one line for each', async () => {
    const env = { NODE_ENV: 'production', PORT: 'http', LOG_LEVEL: 'loud' }
    await using broken = startProcess('src/main.ts', { env })

    expect(await broken.exited).toBe(1)
    expect(broken.output.stderr.trim().split('\n')).toEqual([
      'The configuration cannot be used:',
      expect.stringMatching(/^ {2}PORT: /),
      expect.stringMatching(/^ {2}LOG_LEVEL: /),
      expect.stringMatching(/^ {2}AUTH_JWT_SECRET or AUTH_JWKS_URL: /),
    ])
  })

  test('a database that does not answer', async () => {
    const env = { DATABASE_URL: 'postgresql://nobody:hunter2@127.0.0.1:9/none', PORT: '0' }
    await using lost = startProcess('src/main.ts', { env: { ...env, ...(await dataFolder()) } })

    expect(await lost.exited).toBe(1)
    expect(lost.output.stderr.trim().split('\n')).toHaveLength(1)
    expect(lost.output.stderr).not.toContain('hunter2')
  })

  test('an email that nobody has, for the token command', async () => {
    const env = await dataFolder()
    await using command = startProcess('scripts/token.ts', { env, args: ['nobody@example.org'] })

    expect(await command.exited).toBe(1)
    expect(command.output).toEqual({
      stdout: '',
      stderr: 'Nobody has the email nobody@example.org\n',
    })
  })
})

async function dataFolder(): Promise<{ LOADLINE_DATA_DIR: string }> {
  const folder = await mkdtemp(join(root, 'data-'))
  await cp(join(root, 'template'), folder, { recursive: true })
  return { LOADLINE_DATA_DIR: folder }
}

async function tokenOf(email: string, env: Readonly<Record<string, string>>): Promise<string> {
  await using command = startProcess('scripts/token.ts', { env, args: [email] })
  expect(await command.exited).toBe(0)
  expect(command.output.stdout).toMatch(/^[\w.-]+\n$/)
  return command.output.stdout.trim()
}

async function ask({ origin }: StartedServer, query: string, token?: string) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  })
  return response.json()
}

/** Clients that each ask again and again over one connection, until nobody takes a new one. */
function startLoad({ origin }: StartedServer, clients: number) {
  const lost: string[] = []
  let answers = 0
  let refused = 0
  let awaited = { count: Number.POSITIVE_INFINITY, resolve: () => {} }

  async function runClient(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (;;) {
      const outcome = await askOnce(origin, agent)
      if (outcome === 'ECONNREFUSED') break
      if (outcome !== 'answered') lost.push(outcome)
      answers += 1
      if (answers >= awaited.count) awaited.resolve()
    }
    refused += 1
    agent.destroy()
  }

  return {
    answered: (count: number) =>
      new Promise<void>((resolve) => {
        awaited = { count, resolve }
      }),
    ended: Promise.all(Array.from({ length: clients }, runClient)).then(() => ({ lost, refused })),
  }
}

function askOnce(origin: string, agent: Agent): Promise<string> {
  const query = '{ courses(first: 3) { nodes { title teacher { name } } } }'
  const headers = { 'graphql-require-preflight': '1' }
  return new Promise((resolve) => {
    const asking = request(`${origin}/graphql?${new URLSearchParams({ query })}`, {
      agent,
      headers,
    })
    asking.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    asking.on('response', async (response) => {
      try {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve(text.startsWith('{"data":{"courses":') ? 'answered' : text)
      } catch (error) {
        resolve(String(error))
      }
    })
    asking.end()
  })
}
