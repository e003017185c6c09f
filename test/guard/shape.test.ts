import { readFileSync } from 'node:fs'
import { getIntrospectionQuery, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseWithin } from '../../src/guard/check-shape.ts'
import {
  createLimits,
  digestLimits,
  type Limit,
  type Limits,
  limitTable,
} from '../../src/guard/limits.ts'
import { measureShape } from '../../src/guard/measure-shape.ts'
import { parseLimits } from '../../src/guard/parse-limits.ts'
import manifest from '../../src/sdk/generated/persisted-documents.json' with { type: 'json' }
import { createSmallSchema } from '../http/small-schema.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const limits = createLimits({ production: true })

describe('the shape of a document', () => {
  test.for<readonly [what: string, document: string, shape: object]>([
    ['one field', '{ a }', { depth: 1, selections: 1, aliases: 0, directives: 0, rootFields: 1 }],
    ['fields within each other', '{ a { b { c } } d { e } }', { depth: 3, selections: 5 }],
    ['aliases', '{ x: a y: a { z: b } }', { aliases: 3, rootFields: 2 }],
    ['directives', 'query ($v: Int @a) @b { a @c { b @d @e } }', { directives: 5 }],
    [
      'an inline fragment, which is no level',
      '{ a { ... on T @d { b } } }',
      { depth: 2, selections: 3, directives: 1 },
    ],
    [
      'a fragment wherever it is spread',
      '{ ...F b { ...F } } fragment F on T { x: a { c } }',
      { depth: 3, selections: 7, aliases: 2, rootFields: 2 },
    ],
    [
      'a fragment that nobody spreads',
      '{ a } fragment F on T { x: a { b } }',
      { depth: 2, selections: 3, aliases: 1 },
    ],
    [
      'all operations, and the roots of the largest',
      'query A { a b } query B { c }',
      { selections: 3, rootFields: 2 },
    ],
    ['a fragment that is not there', '{ ...F }', { selections: 1, depth: 0 }],
  ])('counts %s', ([, document, shape]) => {
    expect(measureShape(parse(document))).toMatchObject(shape)
  })

  test.for([
    '{ ...A } fragment A on T { ...A }',
    '{ a } fragment A on T { b { ...B } } fragment B on T { ...A }',
  ])('cannot be measured of %s', (document) => {
    expect(() => measureShape(parse(document))).toThrow(/leads back to itself/)
  })

  test('of a bomb of fragments is known after one look at each', () => {
    const levels = 2_000
    const bomb = fragmentBomb(levels)
    let looks = 0
    const document = parse(bomb)
    for (const node of document.definitions) {
      if (node.kind !== 'FragmentDefinition') continue
      const { selectionSet } = node
      Object.defineProperty(node, 'selectionSet', {
        get() {
          looks += 1
          return selectionSet
        },
      })
    }

    expect(measureShape(document).selections).toBe(Infinity)
    expect(looks).toBeLessThanOrEqual(2 * levels)
  })

  test('of every document of the SDK is far from all limits', () => {
    const texts = [
      ...Object.values(manifest),
      getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true }),
    ]
    for (const text of texts) {
      const shape = measureShape(parseWithin({ tokens: limits.tokens / 5 }, text))
      expect(text.length).toBeLessThan(limits.documentBytes / 10)
      expect(shape.depth).toBeLessThanOrEqual(limits.depth)
      expect(shape.selections).toBeLessThan(limits.selections / 4)
      expect(shape.aliases).toBeLessThan(limits.aliases / 4)
      expect(shape.rootFields).toBeLessThan(limits.rootFields / 4)
    }
  })
})

describe('the table of limits', () => {
  test('is read from the environment by its names', () => {
    expect(parseLimits('depth=12, cost = 8_000,')).toEqual({ depth: 12, cost: 8000 })
    expect(parseLimits('')).toEqual({})
  })

  test.for([
    'depth',
    'depth=',
    'depth=-1',
    'depth=1.5',
    'death=1',
    'depth=1,depth=2',
    '__proto__=1',
    'constructor=1',
  ])('%s is refused', (text) => {
    expect(parseLimits(text)).toBeNull()
  })

  test('has a digest that changes with what decides about documents, and with nothing else', () => {
    const digest = (overrides: Partial<Limits>) => digestLimits({ ...limits, ...overrides })

    expect(digest({ cost: 1 })).not.toBe(digest({}))
    expect(digest({ depth: 1 })).not.toBe(digest({ depth: 11 }))
    expect(digest({ queued: 1, rate: 1, bodyBytes: 1 })).toBe(digest({}))
  })

  test('is what docs/guard.md shows', () => {
    const text = readFileSync(new URL('../../docs/guard.md', import.meta.url), 'utf8')
    const shown = [...text.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$/gm)].map((row) =>
      row.slice(1),
    )

    expect(shown).toEqual(
      Object.entries<Limit>(limitTable).map(([name, limit]) => {
        const development =
          limit.development === undefined ? '' : `; in development ${limit.development}`
        return [name, `${limit.default}${development}`, limit.unit, limit.reason]
      }),
    )
  })

  test('gives a reason for each', () => {
    for (const { reason, unit } of Object.values(limitTable)) {
      expect(reason).toMatch(/\.$/)
      expect(unit).not.toBe('')
    }
  })
})

describe('a request', () => {
  let app: TestApp

  beforeAll(async () => {
    const tight =
      'documentBytes=400,tokens=80,depth=3,selections=20,aliases=4,rootFields=6,directives=4,variableBytes=100,variableValues=10,variableDepth=3'
    app = await startTestApp({ schema: createSmallSchema(), env: { LOADLINE_LIMITS: tight } })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) })

  test.for<
    readonly [limit: string, document: string, variables?: Readonly<Record<string, unknown>>]
  >([
    ['documentBytes', `{ hello } # ${'é'.repeat(200)}`],
    ['tokens', `{ hello ${'@x '.repeat(60)} }`],
    ['depth', '{ a { b { c { d } } } }'],
    [
      'selections',
      '{ ...A ...A ...A } fragment A on Query { ...B ...B } fragment B on Query { hello count }',
    ],
    ['aliases', '{ a: hello b: hello c: hello d: hello e: hello }'],
    [
      'rootFields',
      '{ hello ...F ... { echo } users } fragment F on Query { count viewerId broken refused }',
    ],
    ['directives', '{ hello @skip(if: false) @a @b @c @d }'],
    ['variableBytes', '{ hello }', { a: 'x'.repeat(101) }],
    ['variableBytes', '{ hello }', { ['x'.repeat(101)]: 1 }],
    ['variableValues', '{ hello }', { a: Array(10).fill(1) }],
    ['variableDepth', '{ hello }', { a: nested(4) }],
  ])(
    'beyond the limit "%s" is refused with it, before anything else is done: %s',
    async ([limit, document, variables]) => {
      const { status, errors, data, statements } = await app.query(
        document,
        variables ? { variables } : {},
      )

      expect(status).toBe(400)
      expect(data).toBeUndefined()
      expect(statements).toEqual([])
      expect(errors).toEqual([
        {
          message: expect.stringMatching(/^The limit ".+" is \d+ .+, got /),
          extensions: expect.objectContaining({
            code: 'LIMIT_EXCEEDED',
            limit,
            max: expect.any(Number),
          }),
        },
      ])
    },
  )

  test('at the limits is answered', async () => {
    const { data } = await app.query('{ a: hello b: hello c: hello d: hello hello viewerId }', {
      variables: { a: { b: { c: {} } } },
    })

    expect(Object.keys(data)).toHaveLength(6)
  })

  test('with a circle of fragments is refused', async () => {
    const { errors } = await app.query(
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    )

    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })

  test('that was refused is refused again, and leaves nothing behind that answers', async () => {
    const document = '{ a { b { c { d } } } }'
    const codes: unknown[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      codes.push((await app.query(document)).errors?.[0]?.extensions.limit)
    }

    expect(codes).toEqual(['depth', 'depth', 'depth'])
  })
})

function fragmentBomb(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`,
  )
  return `{ ...F0 } ${fragments.join(' ')} fragment F${levels} on Query { __typename }`
}
