import { createHmac } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { applyMigrations } from '../../src/sql/migrations.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { dropDatabase, runAsAdmin, withDatabase } from '../support/database-source.ts'
import { compile } from '../support/install-package.ts'
import { hasTestRedis, openTestRedis } from '../support/private-redis.ts'
import { type AskOptions, askTracker } from './ask-tracker.ts'
import { installTracker, type StartedTracker, type Tracker } from './install-tracker.ts'

let tracker: Tracker
const ids = ['Ada', 'Bob', 'Cyd', 'Dot'].map(
  (name, index) => [name, `00000000-0000-4000-8000-00000000000${index + 1}`] as const,
)
const tokens: Readonly<Record<string, string>> = Object.fromEntries(
  ids.map(([name, id]) => [name, signToken(id)]),
)

beforeAll(async () => {
  tracker = await installTracker()
}, 240_000)

afterAll(() => tracker?.[Symbol.asyncDispose]())

describe('the packed package', () => {
  test('names every package that the library imports, and no other', async () => {
    const { peerDependencies } = await readPackage()
    const server = join(tracker.path, 'node_modules/loadline/server')
    const files = (await readdir(server, { recursive: true })).filter((file) =>
      /\.(js|d\.ts)$/.test(file),
    )
    const imported = await Promise.all(
      files.map(async (file) => importsOf(await readFile(join(server, file), 'utf8'))),
    )

    expect(files.length).toBeGreaterThan(200)
    expect([...new Set(imported.flat())].sort()).toEqual(Object.keys(peerDependencies).sort())
  })

  test('is described with all that is to be installed beside it, and with its entries', async () => {
    const { peerDependencies, exports } = await readPackage()
    const text = await readFile(join(tracker.path, 'node_modules/loadline/library.md'), 'utf8')
    const [, commands = ''] = /```sh\n(npm install [^`]+)```/.exec(text) ?? []
    const installed = commands.split(/\s+/).filter((word) => /^[@a-z]/.test(word))
    const entries = [...text.matchAll(/^\| `loadline\/(\w+)` \|/gm)].map(([, name]) => `./${name}`)
    const offered = Object.keys(exports).filter((name) => !/sdk|package/.test(name))

    expect(installed).toEqual(expect.arrayContaining(Object.keys(peerDependencies)))
    expect(entries.sort()).toEqual(offered.sort())
  })
})

describe('the example, on the packed package', () => {
  test('compiles, and is told of names that its datamodel does not have', async () => {
    expect(await compile(tracker.path)).toBe('')

    await writeFile(join(tracker.path, 'src/wrong.ts'), misuse)
    expect(await compile(tracker.path)).toBe('')
    await rm(join(tracker.path, 'src/wrong.ts'))
  }, 240_000)

  test('has migrations that lead to its schema, in one file or several, and its triggers', {
    timeout: 240_000,
  }, async () => {
    const parts = join(tracker.path, 'parts')
    const schema = await readFile(join(tracker.path, 'prisma/schema.prisma'), 'utf8')
    const middle = schema.indexOf('model Issue')
    await mkdir(parts)
    await writeFile(join(parts, 'first.prisma'), schema.slice(0, middle))
    await writeFile(join(parts, 'second.prisma'), schema.slice(middle))

    const checked = await tracker.run('loadline', ['check', '--schema', 'parts'])
    expect(checked).toContain('The migrations lead to the schema and its triggers.')

    await rm(join(parts, 'second.prisma'))
    const without = await tracker.run('loadline', ['check', '--schema', 'parts'])
    expect(without).not.toContain('The migrations lead')
  })

  test('is not started on tables whose writes nobody would hear of', {
    timeout: 240_000,
  }, async () => {
    const migrations = join(tracker.path, 'prisma/migrations')
    const kept = join(tracker.path, 'kept')
    await rename(join(migrations, captureMigration), kept)
    const started = tracker.start({ DATABASE_URL: 'memory://' })

    await expect(started).rejects.toThrow(
      'Writes to "people", "projects", "issues", "comments" are not captured',
    )
    expect(await tracker.run('loadline', ['check'])).toContain('loadline capture')
    const [written = ''] =
      /prisma\S+_capture_writes/.exec(await tracker.run('loadline', ['capture'])) ?? []
    const read = (folder: string) => readFile(join(folder, 'migration.sql'), 'utf8')
    expect(await read(join(tracker.path, written))).toBe(await read(kept))

    await rm(join(tracker.path, written), { recursive: true })
    await rename(kept, join(migrations, captureMigration))
  })

  test('prints tokens that its server takes', async () => {
    const printed = await tracker.run('tsx', ['src/print-token.ts', 'Ada'])

    expect(printed.trim()).toBe(tokens.Ada)
  })
})

const captureMigration = '20260101130000_capture_writes'

async function readPackage() {
  return JSON.parse(
    await readFile(join(tracker.path, 'node_modules/loadline/package.json'), 'utf8'),
  )
}

/** The packages that a compiled file or a declaration names. */
function importsOf(text: string): readonly string[] {
  const names = text.matchAll(
    /^(?:import|export|\}) [^;`]*?from '([^.'$][^']*)'|import\(["']([^.][^"']*)["']\)|resolve\('(@[^']*)'\)/gm,
  )
  return [...names]
    .map(([, ...found]) => found.find((one) => one !== undefined) ?? '')
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
}

const misuse = `
  import { entity } from './builder.ts'
  import { Issue } from './types.ts'
  // @ts-expect-error there is no such model
  entity.view('Wrong', { model: 'Ship', description: '', fields: () => ({}) })
  entity.view('Other', { model: 'Issue', description: '', fields: (t) => ({
    // @ts-expect-error there is no such relation
    owner: t.one('owner', { description: '' }),
  }) })
  entity.query((t) => ({
    first: t.one(Issue, {
      description: '',
      // @ts-expect-error the context has no such part
      by: (_, context) => ({ id: context.nothing }),
    }),
  }))`

interface Place {
  readonly env: Readonly<Record<string, string>>
  /** Runs a statement past the tracker. */
  readonly write: (text: string) => Promise<unknown>
}

for (const [name, isThere, open] of [
  ['an embedded database and a store in the process', true, openEmbedded],
  ['PostgreSQL and Redis', hasServers(), openServers],
] as const) {
  describe.skipIf(!isThere)(`the example on ${name}`, () => {
    let place: Place & AsyncDisposable
    let started: StartedTracker
    const ask = (query: string, options?: AskOptions) => askTracker(started.url).ask(query, options)
    const untilHit = (query: string, options?: AskOptions) =>
      askTracker(started.url).untilHit(query, options)

    beforeAll(async () => {
      place = await open()
      started = await tracker.start(place.env)
    }, 240_000)

    afterAll(async () => {
      started?.kill('SIGTERM')
      const code = await started?.exited
      await place?.[Symbol.asyncDispose]()
      expect(code).toBe(0)
    })

    const pages = (first: number) => `{ projects(first: ${first}) { totalCount nodes {
    title openCount owner { name }
    issues(first: 3) { nodes { title author { name } comments(first: 3) { nodes { text author { name } } } } }
  } } }`

    test('reads a level in one statement, however many rows it has', async () => {
      const one = await ask(pages(1))
      const all = await ask(pages(5))

      expect(one.data.projects.nodes).toHaveLength(1)
      expect(all.data.projects.nodes).toHaveLength(4)
      expect(all.data.projects.nodes[0].issues.nodes[0].comments.nodes).toHaveLength(3)
      expect(all.statements.map(({ paths }) => paths.join()).sort()).toEqual([
        'projects',
        'projects.nodes.issues',
        'projects.nodes.issues.nodes.comments',
        'projects.nodes.openCount',
        'projects.totalCount',
      ])
      expect(one.statements).toHaveLength(all.statements.length)
    })

    test('takes the statements that its README says', async () => {
      const readme = await readFile(join(tracker.path, 'README.md'), 'utf8')
      const [, body = ''] = /-d '(.*)'/.exec(readme) ?? []
      const [, count = ''] = /^(\w+) statements, however many/m.exec(readme) ?? []
      const { data, statements } = await ask(JSON.parse(body).query)

      expect(data.projects.nodes[0].issues.nodes[0].author.name).toEqual(expect.any(String))
      expect(statements).toHaveLength(['One', 'Two', 'Three', 'Four'].indexOf(count) + 1)
    })

    test('answers again without a statement', async () => {
      const { data } = await ask(pages(4))

      expect(await untilHit(pages(4))).toMatchObject({ data, statements: [] })
    })

    const empty = `{ projects { nodes { id title openCount issues { totalCount nodes { title } } } } }`
    const openIssue = `mutation ($projectId: ID!, $title: String!) {
    openIssue(projectId: $projectId, title: $title) { issue { title project { openCount } } }
  }`

    test('ends lists, counts and empty lists by a write through Prisma before it is answered', async () => {
      const before = (await untilHit(empty)).data.projects.nodes.find(isEmpty)
      expect(before).toMatchObject({ openCount: 0, issues: { totalCount: 0, nodes: [] } })
      const as = tokens.Bob

      for (const title of ['One', 'Two', 'Three']) {
        await untilHit(empty)
        const written = await ask(openIssue, { as, variables: { projectId: before.id, title } })
        const after = await ask(empty)

        expect(after.cache.outcome).not.toBe('hit')
        const found = after.data.projects.nodes.find(isEmpty)
        expect(found.issues.nodes[0]).toEqual({ title })
        expect(found.issues.totalCount).toBe(found.openCount)
        expect(written.data.openIssue.issue).toEqual({
          title,
          project: { openCount: found.openCount },
        })
      }
    })

    test('shows in the payload of each field what that field has written', async () => {
      const { data } = await ask('{ issues { nodes { id status } } }')
      const { id, status } = data.issues.nodes.at(-1)
      const set = (to: string) => `setStatus(id: "${id}", status: ${to}) { issue { status } }`

      const written = await ask(
        `mutation { a: ${set('CLOSED')} b: ${set('OPEN')} c: ${set(status)} }`,
        {
          as: tokens.Ada,
        },
      )

      expect(Object.values(written.data)).toEqual(
        ['CLOSED', 'OPEN', status].map((to) => ({ issue: { status: to } })),
      )
    })

    test('ends them by raw SQL just so, twice in one operation', async () => {
      const closed = '{ projects { nodes { id title openCount } } }'
      const [first, second] = (await untilHit(closed)).data.projects.nodes
      expect([first.openCount, second.openCount]).toEqual([3, 3])

      const written = await ask(
        `mutation ($a: ID!, $b: ID!) {
        a: closeIssues(projectId: $a) { project { openCount } }
        again: openIssue(projectId: $a, title: "Again") { issue { project { openCount } } }
        b: closeIssues(projectId: $b) { project { openCount } }
      }`,
        { as: tokens.Ada, variables: { a: first.id, b: second.id } },
      )
      const after = await ask(closed)

      expect(after.cache.outcome).not.toBe('hit')
      expect(written.data).toEqual({
        a: { project: { openCount: 0 } },
        again: { issue: { project: { openCount: 1 } } },
        b: { project: { openCount: 0 } },
      })
      expect(after.data.projects.nodes.slice(0, 2)).toMatchObject([
        { openCount: 1 },
        { openCount: 0 },
      ])
    })

    test('gives nobody what was made for another', async () => {
      const me = '{ viewer { name } projects { nodes { title } } }'
      const titlesOf = async (as?: string) => {
        const { data } = await ask(me, { as })
        return [data.viewer?.name, ...data.projects.nodes.map(titleOf)]
      }
      const all = ['Anchor', 'Bilge', 'Cargo', 'Deck', 'Empty']
      const opened = all.filter((title) => title !== 'Cargo')
      for (const as of [tokens.Bob, tokens.Cyd, undefined, tokens.Ada]) await untilHit(me, { as })

      expect(await titlesOf(tokens.Cyd)).toEqual(['Cyd', ...opened])
      expect(await titlesOf(tokens.Bob)).toEqual(['Bob', ...all])
      expect(await titlesOf(tokens.Ada)).toEqual(['Ada', ...all])
      expect(await titlesOf()).toEqual([undefined, ...opened])
      const forged = await ask(me, { as: `${tokens.Cyd}x` })
      expect([forged.data, forged.errors[0].extensions.code]).toEqual([
        undefined,
        'UNAUTHENTICATED',
      ])
    })

    test('keeps no answer for which a resolver asked Prisma', async () => {
      const read = '{ personCount }'

      await expect
        .poll(async () => (await ask(read)).cache, patience)
        .toMatchObject({
          outcome: 'miss',
          reason: expect.stringContaining('context.prisma'),
        })
      const { data, cache } = await ask(read)
      expect(data.personCount).toBeGreaterThanOrEqual(3)
      expect(cache.outcome).not.toBe('hit')
    })

    if (open === openEmbedded) return

    test('hears of what others write, and of a role that they change', async () => {
      const list = '{ projects { nodes { title } } issues(first: 100) { nodes { title } } }'
      const as = tokens.Dot
      await place.write(
        `INSERT INTO people (id, name) VALUES ('${Object.fromEntries(ids).Dot}', 'Dot')`,
      )
      const before = await untilHit(list, { as })
      expect(before.data.projects.nodes.map(titleOf)).not.toContain('Cargo')
      expect((await untilHit(list)).data.issues.nodes.map(titleOf)).toContain('Deck leaks')

      await place.write(`UPDATE issues SET title = 'Deck floods' WHERE title = 'Deck leaks'`)
      await place.write(`UPDATE people SET role = 'maintainer' WHERE name = 'Dot'`)

      const issuesSeen = async () => (await ask(list)).data.issues.nodes.map(titleOf)
      const projectsSeen = async () => (await ask(list, { as })).data.projects.nodes.map(titleOf)
      await expect.poll(issuesSeen, patience).toContain('Deck floods')
      await expect.poll(projectsSeen, patience).toContain('Cargo')
    })

    test('serves from no process what another has changed, once that is answered', async () => {
      await using second = await tracker.start(place.env)
      const { id: projectId } = (await untilHit(empty)).data.projects.nodes.find(isEmpty)
      for (const title of ['Here', 'There', 'And here']) {
        await askTracker(second.url).untilHit(empty)
        await ask(openIssue, { as: tokens.Bob, variables: { projectId, title } })
        const { data } = await askTracker(second.url).ask(empty)

        expect(data.projects.nodes.find(isEmpty).issues.nodes[0]).toEqual({ title })
      }
    })
  })
}

/** Of a busy machine. */
const patience = { timeout: 60_000 }

const memory = { DATABASE_URL: 'memory://' }
const isEmpty = ({ title }: { readonly title: string }) => title === 'Empty'
const titleOf = ({ title }: { readonly title: string }) => title

function nobodyElse(): never {
  throw new Error('Nobody else can write to the embedded database')
}

/** As the example does. */
function signToken(id: string): string {
  return `${id}.${createHmac('sha256', 'for development only').update(id).digest('base64url')}`
}

function hasServers(): boolean {
  return inject('databaseSource').kind === 'postgresql' && hasTestRedis()
}

async function openEmbedded(): Promise<Place & AsyncDisposable> {
  return { env: memory, write: nobodyElse, async [Symbol.asyncDispose]() {} }
}

async function openServers(): Promise<Place & AsyncDisposable> {
  const source = inject('databaseSource')
  if (source.kind !== 'postgresql') throw new Error('This run has no PostgreSQL server')
  const name = `${source.template}_tracker`
  const url = withDatabase(source.adminUrl, name)
  await runAsAdmin(source.adminUrl, `CREATE DATABASE ${name}`)
  const redis = await openTestRedis()
  {
    await using database = await openPostgresql({ url, poolSize: 1 })
    await applyMigrations(database, join(tracker.path, 'prisma/migrations'))
  }
  return {
    env: { DATABASE_URL: url, REDIS_URL: redis.url, CACHE_NAMESPACE: redis.namespace },
    write: (text) => runAsAdmin(url, text),
    async [Symbol.asyncDispose]() {
      await redis[Symbol.asyncDispose]()
      await dropDatabase(source.adminUrl, name)
    },
  }
}
