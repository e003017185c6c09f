import type { Plugin } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { hasTestRedis } from '../support/private-redis.ts'
import {
  type CachedApp,
  type CachedPlace,
  forEachStore,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

type Person = { readonly id: string }

const me = '{ viewer { name role email } }'
const active = '{ courses(filter: { status: ACTIVE }, first: 100) { totalCount nodes { title } } }'

/** Asked until it is a hit: what a test's rows announce may come in between. */
async function warm(app: CachedApp, document: string, as: Person | null = null) {
  return vi.waitFor(async () => {
    const found = await app.ask(document, { as })
    expect(found.cache.outcome).toBe('hit')
    return found
  }, patience)
}

async function mutate(app: CachedApp, as: Person, call: string) {
  const { data, errors } = await app.query(`mutation { ${call} }`, { as })
  expect(errors).toBeUndefined()
  return data
}

const rename = (app: CachedApp, as: Person, name: string) =>
  mutate(app, as, `updateProfile(input: { name: "${name}" }) { user { name } }`)

forEachStore((kind) => {
  let place: CachedPlace
  let app: CachedApp
  beforeAll(async () => {
    place = await openCachedPlace(kind)
    app = await place.start()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('after a mutation its own client reads what it wrote, at once', async () => {
    const user = await app.rows.user()
    for (const name of ['One', 'Two', 'Three']) {
      await warm(app, me, user)
      await rename(app, user, name)

      expect((await app.ask(me, { as: user })).data.viewer.name).toBe(name)
    }
  })

  test('after a mutation everybody reads what it wrote, in lists and counts too', async () => {
    const draft = await app.rows.course({ status: 'DRAFT', title: 'Soon' })
    const { data: before } = await warm(app, active)

    const id = globalId('Course', draft.id)
    await mutate(
      app,
      { id: draft.teacherId },
      `publishCourse(input: { id: "${id}" }) { course { id } }`,
    )

    const { data, cache } = await app.ask(active)
    expect(cache.outcome).toBe('miss')
    expect(data.courses.totalCount).toBe(before.courses.totalCount + 1)
    expect(data.courses.nodes).toContainEqual({ title: 'Soon' })
  })

  test('what a mutation did not touch is still served', async () => {
    const [one, two] = [await app.rows.user(), await app.rows.user()]
    await place.untilDrained()
    await warm(app, me, two)

    await rename(app, one, 'Somebody else')

    expect((await app.ask(me, { as: two })).cache.outcome).toBe('hit')
  })

  test('each of several mutations in an operation is announced before the next begins', async () => {
    await using own = await openCachedPlace(kind)
    const namesWhenAnnounced = new Set<unknown>()
    const watched = await own.start({
      wrapStore: (store) => ({
        ...store,
        async announce(tags) {
          for (const [name] of await own.database.query(readNames, [])) namesWhenAnnounced.add(name)
          return await store.announce(tags)
        },
      }),
    })
    const user = await watched.rows.user()
    await own.untilDrained()
    namesWhenAnnounced.clear()

    const call = (name: string) =>
      `${name}: updateProfile(input: { name: "${name}" }) { user { name } }`
    const data = await mutate(watched, user, `${call('One')} ${call('Two')}`)

    expect(data).toEqual({ One: { user: { name: 'One' } }, Two: { user: { name: 'Two' } } })
    expect([...namesWhenAnnounced]).toEqual(['One', 'Two'])
  })

  test('a write past this package is seen as soon as the outbox was looked at', async () => {
    const user = await app.rows.user({ name: 'Before' })
    await warm(app, me, user)
    await place.database.query(setName, [user.id, 'After'])

    await vi.waitFor(async () => {
      expect((await app.ask(me, { as: user })).data.viewer.name).toBe('After')
    }, patience)
    expect((await app.ask(me, { as: user })).data.viewer.name).toBe('After')
  })

  describe('a person whose role has changed', () => {
    const draftsOf = '{ courses(filter: { status: DRAFT }) { totalCount } }'

    test('sees at once what the new role sees, and nothing of the old', async () => {
      const [admin, user] = [await app.rows.admin(), await app.rows.user()]
      await app.rows.course({ status: 'DRAFT' })
      const seen: number[] = []
      for (const role of ['ADMIN', 'STUDENT', 'ADMIN', 'TEACHER']) {
        const id = globalId('User', user.id)
        await mutate(
          app,
          admin,
          `changeRole(input: { userId: "${id}", role: ${role} }) { user { id } }`,
        )
        const { data } = await warm(app, draftsOf, user)
        seen.push(data.courses.totalCount)
        expect((await warm(app, me, user)).data.viewer.role).toBe(role)
      }

      expect(seen.map((count) => count > 0)).toEqual([true, false, true, false])
    })

    test('does so when it was changed past this package', async () => {
      const user = await app.rows.admin()
      await warm(app, me, user)
      await place.database.query(setRole, [user.id, 'STUDENT'])

      await vi.waitFor(async () => {
        expect((await app.ask(me, { as: user })).data.viewer.role).toBe('STUDENT')
      }, patience)
      expect((await app.ask(draftsOf, { as: user })).data.courses.totalCount).toBe(0)
    })

    test('has no answer stored that was begun with the old role', async () => {
      await using own = await openCachedPlace(kind)
      let beforeAnswer = async () => {}
      const slow = await own.start({
        wrapStore: (store) => ({
          ...store,
          async lookUp(keys, budget) {
            // The role is known by then, and what it sees not yet looked for.
            if (keys.role !== null) await beforeAnswer()
            return store.lookUp(keys, budget)
          },
        }),
      })
      const [admin, user] = [await slow.rows.admin(), await slow.rows.user()]
      await slow.rows.course({ status: 'DRAFT' })
      const id = globalId('User', user.id)
      await warm(slow, me, user)
      beforeAnswer = async () => {
        beforeAnswer = async () => {}
        await mutate(
          slow,
          admin,
          `changeRole(input: { userId: "${id}", role: ADMIN }) { user { id } }`,
        )
      }

      const { cache } = await slow.ask(draftsOf, { as: user })

      expect(cache).toMatchObject({ outcome: 'miss', reason: 'overtaken' })
      expect((await slow.ask(draftsOf, { as: user })).data.courses.totalCount).toBeGreaterThan(0)
    })
  })

  describe('a person who was deleted', () => {
    test('is refused at once, whatever is stored of them', async () => {
      const [admin, user] = [await app.rows.admin(), await app.rows.user()]
      await warm(app, me, user)
      await mutate(
        app,
        admin,
        `deleteUser(input: { id: "${globalId('User', user.id)}" }) { deletedUserId }`,
      )

      for (const document of [me, active, '{ __typename }']) {
        const { status, errors } = await app.query(document, { as: user })
        expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
      }
    })

    test('is let in again when they are back, as not to be there is not remembered', async () => {
      const user = await app.rows.user()
      const { id, email, name } = user
      await app.prisma.user.delete({ where: { id } })
      await vi.waitFor(async () => {
        expect((await app.query(me, { as: user })).status).toBe(401)
      }, patience)

      await app.prisma.user.create({ data: { id, email, name } })

      expect((await app.ask(me, { as: user })).data.viewer).toMatchObject({ name, email })
    })
  })

  test('what was being read while it was written is answered, and not stored', async () => {
    await using own = await openCachedPlace(kind)
    let beforeAnswer = async () => {}
    const gate: Plugin = {
      onExecute({ executeFn, setExecuteFn }) {
        setExecuteFn(async (args) => {
          const result = await executeFn(args)
          await beforeAnswer()
          return result
        })
      },
    }
    const slow = await own.start({ plugins: [gate] })
    const user = await slow.rows.user({ name: 'Before' })
    await own.untilDrained()
    beforeAnswer = async () => {
      beforeAnswer = async () => {}
      await rename(slow, user, 'After')
    }

    const { data, cache } = await slow.ask(me, { as: user })

    expect(data.viewer.name).toBe('Before')
    expect(cache).toMatchObject({ outcome: 'miss', reason: 'overtaken' })
    expect((await slow.ask(me, { as: user })).data.viewer.name).toBe('After')
  })
})

describe.skipIf(!hasTestRedis())('with two processes on one Redis', () => {
  let place: CachedPlace
  let here: CachedApp
  let there: CachedApp
  beforeAll(async () => {
    place = await openCachedPlace('redis')
    here = await place.start()
    there = await place.start()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('what one has stored the other serves', async () => {
    const user = await here.rows.user()
    await here.ask(me, { as: user })

    expect((await there.ask(me, { as: user })).cache).toMatchObject({
      outcome: 'hit',
      scope: 'own',
    })
  })

  test('what was written in one is read in the other, at once', async () => {
    const user = await here.rows.user()
    for (let i = 0; i < 5; i += 1) {
      await warm(there, me, user)
      await rename(here, user, `Name ${i}`)

      expect((await there.ask(me, { as: user })).data.viewer.name).toBe(`Name ${i}`)
    }
  })

  test('whoever is deleted in one is refused by the other', async () => {
    const [admin, user] = [await here.rows.admin(), await here.rows.user()]
    await warm(there, me, user)
    await mutate(
      here,
      admin,
      `deleteUser(input: { id: "${globalId('User', user.id)}" }) { deletedUserId }`,
    )

    expect((await there.query(me, { as: user })).status).toBe(401)
  })

  test('what one wrote and cannot announce, the other announces, and only then it is acknowledged', async () => {
    const user = await here.rows.user({ name: 'Before' })
    await warm(there, me, user)
    const cutOff = await place.start({
      wrapStore: (store) => ({ ...store, announce: () => Promise.reject(new Error('cut off')) }),
    })

    await rename(cutOff, user, 'After')

    expect((await there.ask(me, { as: user })).data.viewer.name).toBe('After')
  })
})

const statement = (text: string) => ({ name: '', text })
const readNames = statement('SELECT name FROM "User"')
const setName = statement('UPDATE "User" SET name = $2 WHERE id = $1')
const setRole = statement('UPDATE "User" SET role = $2::"Role" WHERE id = $1')
