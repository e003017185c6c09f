import { afterAll, beforeAll, expect, test } from 'vitest'
import { named } from './key-types.ts'
import { common, openKeys } from './open-keys.ts'

let keys: Awaited<ReturnType<typeof openKeys>>

beforeAll(async () => {
  keys = await openKeys()
})
afterAll(() => keys[Symbol.asyncDispose]())

/** A key as a client may write it, and whether it is certain how PostgreSQL prints it. */
const written: readonly (readonly [name: string, key: string, isCertain: boolean])[] = [
  ['uuid', '00000000-0000-7000-8000-00000000000a', true],
  ['uuid', '00000000-0000-7000-8000-00000000000A', true],
  ['uuid', '{00000000-0000-7000-8000-00000000000a}', false],
  ['uuid', '0000000000007000800000000000000a', false],
  ['int4', '0', true],
  ['int4', '000', false],
  ['int4', ' 0', false],
  ['int4', '-0', false],
  ['int8', '9007199254740993', true],
  ['int8', '+0', false],
  ['bool', 'true', true],
  ['bool', 'yes', false],
  ['text', 'a,b', true],
  ['text', '', true],
  ['date', '2026-01-01', true],
  ['date', '2026-01-01T00:00:00Z', true],
  ['date', 'January 1, 2026', false],
  ['timestamp', '2026-01-01T00:00:00.100Z', true],
  ['timestamp', '2026-01-01 00:00', false],
  ['timestamptz', '2026-01-01T01:00:00+01:00', true],
  ['timestamptz', '2026-01-01 00:00:00.100000+00', true],
  ['timestamptz', '12026-01-31 10:00:00.50+00', false],
  ['timestamptz', '12026-01-31 10:00:00.5+00', true],
  ['timestamptz', '12026-01-31 10:00:00.5', false],
  ['timestamptz', '2026-01-01 00:00:00.0000004+00', false],
  // Of an enum clients know the members' own names.
  ['enum', 'M0', true],
]

test.for(written)(
  '%s %j of a client names a set only if it is certain: %s',
  async ([name, key, isCertain]) => {
    const pair = named[name]
    if (!pair) throw new Error(`There are no keys of type ${name}`)
    await keys.fill(name, pair)
    const read = () =>
      keys.ask(`query ($of: String!) { children_${name}(of: $of) { nodes { id } } }`, {
        variables: { of: key },
      })
    const before = await read()
    expect(before.errors).toEqual([])
    const [child, ...others] = before.data[`children_${name}`].nodes
    expect(others).toEqual([])
    const [, number] = Buffer.from(child.id, 'base64url').toString().split(':')
    expect([...before.readSet.tags].some((tag) => tag.includes('='))).toBe(isCertain)

    const announced = await keys.probe.tagsOf(
      `INSERT INTO "child_${name}" SELECT 1001, "parent key", 'new' FROM "child_${name}" WHERE id = ${number}`,
    )

    expect(common(before.readSet.tags, announced)).not.toEqual([])
    expect((await read()).data[`children_${name}`].nodes).toHaveLength(2)
  },
)
