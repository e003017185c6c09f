import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type Architecture,
  clocksIn,
  defineRules,
  type Rule,
  sqlClocksIn,
} from './support/architecture-rules.ts'
import { parseSourceFile, readSourceFiles } from './support/source-files.ts'

/**
 * Who may import whom in src: http -> guard -> cache -> schema -> loaders -> sql, and only to the
 * right; but http, guard and cache never the schema, which holds the business. A file beside the
 * folders stands under its own name.
 */
const mayImport: Architecture['mayImport'] = {
  http: {
    values: ['guard', 'cache', 'loaders', 'sql', 'tags', 'observe', 'errors.ts'],
    types: ['config.ts'],
  },
  guard: { values: ['cache', 'loaders', 'sql', 'tags', 'observe', 'errors.ts'] },
  cache: { values: ['capture', 'loaders', 'sql', 'tags', 'observe', 'errors.ts'] },
  schema: {
    values: ['loaders', 'sql', 'tags', 'observe', 'errors.ts', 'generated', 'prisma'],
    types: ['app.ts', 'context.ts', 'guard'],
  },
  loaders: { values: ['sql', 'tags', 'observe', 'errors.ts'], types: ['guard'] },
  sql: { values: ['tags', 'observe', 'errors.ts'] },
  capture: { values: ['sql', 'tags', 'observe', 'errors.ts'] },
  tags: { values: [] },
  observe: { values: [], types: ['sql'] },
  yoga: {
    values: ['guard', 'cache', 'capture', 'loaders', 'sql', 'tags', 'observe', 'errors.ts'],
  },
  command: { values: ['capture', 'sql'] },
  // What package.json exports of all but the domain.
  library: {
    values: ['yoga', 'guard', 'cache', 'capture', 'loaders', 'sql', 'tags', 'errors.ts'],
    types: ['observe'],
  },
  sdk: { values: [] },
  'errors.ts': { values: [] },
  'config.ts': { values: ['guard'] },
  'load-config.ts': { values: ['config.ts', 'guard'] },
  'answer-settings.ts': { values: ['guard'], types: ['config.ts'] },
  'warm-cache.ts': { values: ['app.ts', 'config.ts', 'guard'] },
  'banner.ts': { values: [], types: ['config.ts', 'sql', 'cache'] },
  'context.ts': {
    values: [],
    types: ['cache', 'generated', 'guard', 'loaders', 'observe', 'sql', 'tags'],
  },
  'app.ts': {
    values: [
      ...['http', 'guard', 'cache', 'capture', 'loaders', 'sql', 'tags', 'observe'],
      ...['context.ts', 'errors.ts', 'generated'],
    ],
    types: ['config.ts'],
  },
  'main.ts': {
    values: [
      ...[
        'answer-settings.ts',
        'app.ts',
        'warm-cache.ts',
        'banner.ts',
        'config.ts',
        'load-config.ts',
        'errors.ts',
      ],
      ...['http', 'guard', 'cache', 'capture', 'schema', 'loaders', 'sql', 'observe', 'prisma'],
    ],
  },
}

const rules = defineRules({
  mayImport,

  homes: {
    '@electric-sql/pglite': ['sql'],
    '@opentelemetry/api': ['observe'],
    '@opentelemetry/sdk-trace-base': ['observe'],
    '@pothos/core': ['schema', 'loaders'],
    '@prisma/generator-helper': ['command'],
    '@prisma/adapter-pg': ['sql'],
    dataloader: ['loaders'],
    'graphql-jit': ['http'],
    'graphql-yoga': ['http', 'cache', 'yoga', 'app.ts'],
    ioredis: ['cache'],
    jose: ['guard'],
    pg: ['sql'],
    'pglite-prisma-adapter': ['sql'],
    pino: ['observe'],
    'prom-client': ['observe'],
    // Whoever runs statements must leave tags of what they read.
    'src/loaders/run-statement.ts': ['loaders'],
  },

  withoutBusiness:
    /^src\/((http|guard|cache|capture|loaders|sql|tags|observe|yoga|command|library)\/|(?!main\.ts)[\w-]+\.ts$)/,
  words: [...readModels().filter((model) => !isEveryday(model)), 'teacher', 'student'],
  everydayWords: readModels().filter(isEveryday),

  answering: /^src\/(schema|loaders|sql|tags)\//,
  mayReadClock: clockExceptions(),
})

const sources = readSourceFiles(['src'])
const others = readSourceFiles(['prisma', 'scripts'])
const tests = readSourceFiles(['test'])

describe('the project', () => {
  test('imports only what stands to its right on the path of a request', () => {
    expect(sources.flatMap(rules.imports)).toEqual([])
  })

  test('talks to each driver and framework in one place', () => {
    expect(sources.flatMap(rules.packages)).toEqual([])
  })

  test('has words of the business in prisma, src/schema and src/sdk only', () => {
    expect(sources.flatMap(rules.business)).toEqual([])
  })

  test('reads no clock and throws no dice where answers are computed', () => {
    expect(sources.flatMap(rules.clocks)).toEqual([])
  })

  test('reads no clock in the statements that the golden queries compile to', () => {
    const folder = new URL('./golden/cases/', import.meta.url)
    const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
    const faults = files.flatMap((file) =>
      sqlClocksIn(readFileSync(new URL(file, folder), 'utf8')).map((clock) => `${file}: ${clock}`),
    )

    expect(files.length).toBeGreaterThan(50)
    expect(faults).toEqual([])
  })

  test('makes no exception for a clock that nobody reads', () => {
    const isUsed = ({ file, reads }: Architecture['mayReadClock'][number]) =>
      sources.some(
        (source) => file.test(source.path) && clocksIn(source).some((c) => reads.test(c)),
      )

    expect(clockExceptions().filter((exception) => !isUsed(exception))).toEqual([])
  })

  test('has no barrels, and no files that are named for no idea', () => {
    expect([...sources, ...others, ...tests].flatMap(rules.names)).toEqual([])
  })

  test('has no any, and silences no compiler', () => {
    expect([...sources, ...others].flatMap(rules.any)).toEqual([])
  })
})

type Sample = readonly [rule: keyof typeof rules, path: string, text: string]

describe('the rule', () => {
  test.for<readonly [...Sample, fault: string]>([
    ['imports', 'src/sql/pool.ts', "import { load } from '../loaders/load.ts'", 'sql may import'],
    ['imports', 'src/sql/pool.ts', "await import('../loaders/load.ts')", 'sql may import'],
    ['imports', 'src/sql/pool.ts', "import '../generated/prisma/client.ts'", 'sql may import'],
    ['imports', 'src/sql/pool.ts', "import '../../test/support/rows.ts'", 'sql may import'],
    ['imports', 'src/http/door.ts', "import '../schema/schema.ts'", 'http may import'],
    ['imports', 'src/http/door.ts', "import { parse } from '../config.ts'", 'only its types'],
    ['imports', 'src/tags/tag.ts', "import type { Pool } from '../sql/pool.ts'", 'tags may import'],
    ['imports', 'src/sdk/client.ts', "import '../errors.ts'", 'sdk may import'],
    ['imports', 'src/things/thing.ts', '', '"things" has no place'],
    ['packages', 'src/schema/raw.ts', "import pg from 'pg'", 'belongs to src/sql'],
    ['packages', 'src/schema/raw.ts', "import '../loaders/run-statement.ts'", 'to src/loaders'],
    ['business', 'src/sql/page.ts', 'const courseId = 1', 'says "course"'],
    ['business', 'src/loaders/row.ts', "load('User')", 'says "User"'],
    ['clocks', 'src/loaders/row.ts', 'const soon = new Date()', 'reads new Date()'],
    ['clocks', 'src/schema/a/b.type.ts', 'const at = Date.now()', 'reads Date.now'],
    ['clocks', 'src/schema/a/b.type.ts', 'const at = Date()', 'reads Date()'],
    ['clocks', 'src/loaders/row.ts', 'const at = performance.now()', 'reads performance.now'],
    ['clocks', 'src/loaders/row.ts', 'const id = crypto.randomUUID()', 'reads randomUUID'],
    ['clocks', 'src/loaders/row.ts', 'const die = Math.random()', 'reads Math.random'],
    ['clocks', 'src/schema/a/b.mutation.ts', 'const at = Date.now()', 'reads Date.now'],
    ['clocks', 'src/sql/page.ts', "const text = 'WHERE NOW() > $1'", 'reads now()'],
    ['clocks', 'src/sql/page.ts', 'const text = `ORDER BY random() LIMIT 1`', 'reads random()'],
    ['clocks', 'src/sql/page.ts', 'const text = `x < CURRENT_DATE`', 'reads current_date'],
    ['clocks', 'src/sql/page.ts', "const text = 'gen_random_uuid()'", 'reads gen_random_uuid()'],
    ['names', 'src/sql/index.ts', '', 'no index.ts'],
    ['names', 'src/sql/utils/pool.ts', '', '"utils" names no idea'],
    ['names', 'src/sql/pool.ts', "export * from './row.ts'", 're-exports'],
    ['any', 'src/sql/pool.ts', 'const rows: any = []', 'has any'],
    ['any', 'src/sql/pool.ts', '// @ts-expect-error', 'has @ts-expect-error'],
  ])('%s refuses in %s: %s', ([rule, path, text, fault]) => {
    expect(faultsOf(rules[rule], path, text).join()).toContain(fault)
  })

  test.for<Sample>([
    ['imports', 'src/loaders/row.ts', "import type { Viewer } from '../guard/viewer.ts'"],
    ['imports', 'src/schema/a.ts', "import { schema } from './b.ts'"],
    ['packages', 'src/sql/pool.ts', "import pg from 'pg'"],
    ['business', 'src/sql/page.ts', '// Of course this holds.'],
    ['business', 'src/schema/learning/course.type.ts', 'const courseId = 1'],
    ['clocks', 'src/http/door.ts', 'const at = Date.now()'],
    ['clocks', 'src/schema/a/b.mutation.ts', 'const text = `SET "at" = now()`'],
    ['clocks', 'src/loaders/row.ts', "const day = new Date('2026-01-01')"],
    ['names', 'test/types/rows.test.ts', ''],
    ['names', 'src/sdk/sdk.ts', "export { createClient } from './client.ts'"],
    ['names', 'src/library/tags.ts', "export { rowTag } from '../tags/tag.ts'"],
    ['any', 'src/sql/pool.ts', '// any number of rows'],
  ])('%s allows in %s: %s', ([rule, path, text]) => {
    expect(faultsOf(rules[rule], path, text)).toEqual([])
  })
})

function faultsOf(rule: Rule, path: string, text: string): readonly string[] {
  return rule(parseSourceFile(path, text))
}

function readModels(): readonly string[] {
  const schema = readFileSync(new URL('../prisma/schema.prisma', import.meta.url), 'utf8')
  return [...schema.matchAll(/^model (\w+)/gm)].map(([, name = '']) => name)
}

function isEveryday(model: string): boolean {
  return /^(User|Profile|Message|Subscription|Integration|IdempotencyKey)$/.test(model)
}

/** What may read time or chance although answers are computed near by. */
function clockExceptions(): Architecture['mayReadClock'] {
  return [
    {
      file: /^src\/schema\/\w+\/[\w-]+\.mutations?\.ts$/,
      reads: /^(now|clock_timestamp)\(\)$/,
      why: 'a write stores when it happened',
    },
    {
      file: /^src\/schema\/learning\/(enroll-students|lesson-order)\.ts$/,
      reads: /^now\(\)$/,
      why: 'they are parts of several mutations',
    },
    {
      file: /^src\/schema\/idempotency\.ts$/,
      reads: /^now\(\)$/,
      why: 'a key is kept for a day, and only mutations have keys',
    },
    {
      file: /^src\/schema\/transact\.ts$/,
      reads: /^Math\.random$/,
      why: 'transactions that collided must not collide again',
    },
    {
      file: /^src\/schema\/row-id\.ts$/,
      reads: /^(Date\.now|randomBytes)$/,
      why: 'the id of a new row begins with the time and ends with chance',
    },
    {
      file: /^src\/loaders\/run-statement\.ts$/,
      reads: /^performance\.now$/,
      why: 'the tally is told how long a statement took',
    },
    {
      file: /^src\/sql\/(connect-first|session-lock|run-on-pool|prisma-adapter)\.ts$/,
      reads: /^performance\.now$/,
      why: 'a connection is waited for, or held, for so long, or a statement runs; no answer depends on it',
    },
    {
      file: /^src\/sql\/lock-file\.ts$/,
      reads: /^(Date\.now|randomUUID)$/,
      why: 'a lock belongs to a process and goes stale; no answer depends on it',
    },
  ]
}
