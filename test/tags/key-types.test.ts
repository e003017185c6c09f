import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { named, type Pair, unnamed } from './key-types.ts'
import { common, openKeys } from './open-keys.ts'

let keys: Awaited<ReturnType<typeof openKeys>>

beforeAll(async () => {
  keys = await openKeys()
})
afterAll(() => keys[Symbol.asyncDispose]())

/** The parents' global ids in the order of their children's numbers. */
async function idsOf(name: string, { parent, child = parent }: Pair): Promise<readonly string[]> {
  const { data } = await keys.ask(`{ parents_${name}(first: 100) { nodes { id } } }`)
  const ids: readonly string[] = data[`parents_${name}`].nodes.map(
    (node: { id: string }) => node.id,
  )
  const numbers = await keys.probe.run(
    `SELECT c.id FROM "parent_${name}" p JOIN "child_${name}" c ON c."parent key" = p."the key"::${child.sqlType} ORDER BY p."the key"`,
  )
  return [...ids.entries()]
    .sort(([left], [right]) => Number(numbers[left]?.[0]) - Number(numbers[right]?.[0]))
    .map(([, id]) => id)
}

const writes = (name: string, at: number, other: number): readonly string[] => {
  const keyOf = (number: number) =>
    `(SELECT "parent key" FROM "child_${name}" WHERE id = ${number})`
  return [
    `UPDATE "child_${name}" SET note = 'changed' WHERE id = ${at}`,
    `INSERT INTO "child_${name}" VALUES (1001, ${keyOf(at)}, 'new')`,
    `INSERT INTO "child_${name}" SELECT number, ${keyOf(at)}, 'many' FROM generate_series(1002, 1005) AS number`,
    `UPDATE "child_${name}" SET "parent key" = ${keyOf(other)} WHERE id = 1001`,
    `UPDATE "child_${name}" SET "parent key" = ${keyOf(at)} WHERE id = 1001`,
    `UPDATE "child_${name}" SET note = id::text WHERE id > 1001`,
    `DELETE FROM "child_${name}" WHERE id > 1000`,
  ]
}

describe('a list below a key of type', () => {
  test.for(Object.entries(named))(
    '%s is announced by its name, and by no other',
    async ([name, pair]) => {
      await keys.fill(name, pair)
      const ids = await idsOf(name, pair)
      expect(ids).toHaveLength(pair.keys.length)
      const read = (at: number) =>
        keys.ask(
          `{ node(id: "${ids[at]}") { ... on Parent_${name} { children { nodes { note } } } } }`,
        )

      for (const at of pair.keys.keys()) {
        const other = (at + 1) % pair.keys.length
        for (const write of writes(name, at, other)) {
          const [mine, theirs] = [await read(at), await read(other)]
          expect([...mine.errors, ...theirs.errors]).toEqual([])
          const announced = await keys.probe.tagsOf(write)
          const context = `${write} of ${pair.keys[at]}\n${announced.join('\n')}`
          expect(common(mine.readSet.tags, announced), context).not.toEqual([])
          expect(JSON.stringify((await read(at)).data), context).not.toBe(JSON.stringify(mine.data))
          const movesThere = write.includes('"parent key" =')
          if (!movesThere) expect(common(theirs.readSet.tags, announced), context).toEqual([])
        }
      }
    },
  )

  test.for(Object.entries(unnamed))('%s is announced, but named nowhere', async ([name, pair]) => {
    await keys.fill(name, pair)
    const read = () => keys.ask(`{ parents_${name} { nodes { children { nodes { note } } } } }`)

    for (const write of writes(name, 0, 1)) {
      const before = await read()
      expect(before.errors).toEqual([])
      const announced = await keys.probe.tagsOf(write)
      const context = `${write}\n${announced.join('\n')}`
      expect(common(before.readSet.tags, announced), context).not.toEqual([])
      expect((await read()).data, context).not.toEqual(before.data)
      expect([...before.readSet.tags].filter((tag) => tag.includes('='))).toEqual([])
    }
  })
})

const ofOneType = (pairs: typeof named, isNamed: boolean) =>
  Object.entries(pairs).flatMap(([name, pair]) => (pair.child ? [] : [{ name, pair, isNamed }]))

test.for([...ofOneType(named, true), ...ofOneType(unnamed, false)])(
  'a list through a join table with keys of type $name is announced',
  async ({ name, pair, isNamed }) => {
    await keys.fill(name, pair)
    const read = () =>
      keys.ask(`{ parents_${name}(first: 100) { nodes { friends { totalCount } } } }`)
    const key = (place: number) =>
      `(SELECT "the key" FROM "parent_${name}" ORDER BY "the key" OFFSET ${place} LIMIT 1)`

    for (const write of [
      `INSERT INTO "friends_${name}" VALUES (${key(0)}, ${key(0)}), (${key(1)}, ${key(0)})`,
      `UPDATE "friends_${name}" SET "B" = ${key(1)} WHERE "A" = ${key(0)}`,
      `DELETE FROM "friends_${name}" WHERE "A" = ${key(1)}`,
      `TRUNCATE "friends_${name}"`,
    ]) {
      const before = await read()
      const left = [...before.readSet.tags].filter((tag) => tag.startsWith('friends_'))
      const announced = await keys.probe.tagsOf(write)
      expect(before.errors).toEqual([])
      expect(left.some((tag) => tag.includes('='))).toBe(isNamed)
      expect(common(new Set(left), announced), announced.join('\n')).not.toEqual([])
    }
  },
)

test('a row by a key that cannot be named is announced with all rows', async () => {
  await keys.fill('numeric', {
    parent: { sqlType: 'numeric', type: 'Decimal' },
    keys: ['1.50'],
  })
  const { readSet } = await keys.ask('{ parents_numeric { nodes { id } } }')
  expect([...readSet.tags].sort()).toEqual(['Parent_numeric.*', 'Parent_numeric:~'])

  const announced = await keys.probe.tagsOf('UPDATE "parent_numeric" SET "the key" = 1.5')

  expect(common(readSet.tags, announced)).toContain('Parent_numeric:~')
})
