import { expect, test } from 'vitest'
import { createViewer } from '../../src/guard/viewer.ts'
import { createReader } from '../../src/loaders/reader.ts'
import { findIdentity } from '../../src/schema/people/find-identity.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { createTally } from '../../src/sql/tally.ts'
import { createReadSet } from '../../src/tags/read-set.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { openTestDatabase } from '../support/test-databases.ts'

const statement = createStatement('SELECT 1 AS one WHERE $1::bool')

test('a statement that is run past the loaders forbids storing, unless it says what it looked at', async () => {
  await using database = await openTestDatabase()
  const open = () => {
    const readSet = createReadSet()
    return {
      readSet,
      ...createReader({
        queryable: database,
        tally: createTally({ watchesShapes: false }),
        readSet,
      }),
    }
  }

  const silent = open()
  expect(await silent.read(statement, [true])).toEqual([[1]])
  expect(silent.readSet.forbidden).toContain('left no tags')

  const named = open()
  await named.read(statement, [false], (rows) => (rows.length === 0 ? ['Thing.*'] : ['Thing:1']))
  expect(named.readSet.forbidden).toBeNull()
  expect([...named.readSet.tags]).toEqual(['Thing.*'])

  const empty = open()
  await empty.read(statement, [true], () => [])
  expect(empty.readSet.forbidden).toContain('left no tags')
})

test('who asks is read with the tags of that user, or of all where there is none', async () => {
  await using app = await startTestApp()
  const { id } = await app.rows.user()
  const look = async (userId: string) => {
    const readSet = createReadSet()
    const reader = createReader({
      queryable: app.database,
      tally: createTally({ watchesShapes: false }),
      readSet,
    })
    return { identity: await findIdentity(userId, reader), tags: [...readSet.tags] }
  }

  expect(await look(id)).toEqual({
    identity: { id, role: 'STUDENT' },
    tags: [`User:${id}`, 'User:~'],
  })
  const nobody = '00000000-0000-7000-8000-000000000000'
  expect(await look(nobody)).toEqual({ identity: null, tags: ['User.*'] })
})

test.for(['role', 'id'] as const)(
  'asking the viewer for the %s leaves their tags, once',
  (what) => {
    let left = 0
    const viewer = createViewer({ id: '7', role: 'STUDENT' }, () => {
      left += 1
    })
    expect(left).toBe(0)

    viewer[what]()
    viewer.role()
    viewer.id()

    expect(left).toBe(1)
  },
)

test('asking whether anybody is signed in leaves no tags when nobody is', () => {
  const viewer = createViewer(null, () => expect.fail('left tags'))

  expect([viewer.role(), viewer.id(), viewer.asked]).toEqual(['ANONYMOUS', null, 'role'])
})
