import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Plugin } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CacheStore } from '../../src/cache/store.ts'
import type { Database } from '../../src/sql/database.ts'
import { globalId } from '../support/global-id.ts'
import {
  type CachedApp,
  type CachedAppOptions,
  type CachedPlace,
  forEachStore,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

/** What was done, by name, since it was last asked. */
class Doings {
  #done: Record<string, number> = {}

  note(name: string) {
    this.#done[name] = (this.#done[name] ?? 0) + 1
  }

  take() {
    const done = this.#done
    this.#done = {}
    return done
  }
}

/** An app that tells what it does: in Yoga, in the store and in the database. */
function watched(doings: Doings, database: Database): Partial<CachedAppOptions> {
  const steps: Plugin = {
    onParse: () => doings.note('parse'),
    onValidate: () => doings.note('validate'),
    onContextBuilding: () => doings.note('context'),
    onExecute: () => doings.note('execute'),
  }
  const noting = <T extends object>(target: T, names: readonly (keyof T)[]): T =>
    new Proxy(target, {
      get(of, name) {
        const value = Reflect.get(of, name)
        const noted = names.find((one) => one === name)
        if (noted === undefined || typeof value !== 'function') return value
        return (...args: unknown[]) => {
          doings.note(String(noted))
          return value.apply(of, args)
        }
      },
    })
  return {
    plugins: [steps],
    database: noting(database, ['query']),
    drained: database,
    env: { CACHE_VERIFY_SHARE: '0' },
    wrapStore: (store: CacheStore) => noting(store, ['lookUp', 'fill']),
  }
}

interface Asking {
  readonly as?: { readonly id: string } | null
  readonly headers?: Readonly<Record<string, string>>
}

async function post(app: CachedApp, query: string, { as = null, headers }: Asking = {}) {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(as && { authorization: `Bearer ${await app.tokenFor(as.id)}` }),
      ...headers,
    },
    body: JSON.stringify({ query }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { response, bytes, from: response.headers.get('cache-status') }
}

/** Asks until it is a hit. */
async function warm(app: CachedApp, query: string, asking?: Asking) {
  return vi.waitFor(async () => {
    const found = await post(app, query, asking)
    expect(found.from).toBe('loadline; hit')
    return found
  }, patience)
}

const me = '{ viewer { id name role } }'

forEachStore((kind) => {
  const doings = new Doings()
  let place: CachedPlace
  let app: CachedApp
  beforeAll(async () => {
    place = await openCachedPlace(kind)
    app = await place.start(watched(doings, place.database))
  })
  afterAll(() => place[Symbol.asyncDispose]())

  describe('a hit', () => {
    test('is one look-up, and nothing is parsed, validated, executed or read for it', async () => {
      const user = await app.rows.user()
      for (const as of [null, user]) {
        const first = await warm(app, me, { as })
        await place.untilDrained()
        doings.take()
        const again = await post(app, me, { as })

        expect(again.bytes.equals(first.bytes)).toBe(true)
        expect(doings.take()).toEqual({ lookUp: 1 })
      }
    })

    test('for somebody whom this process has not seen takes one look-up more', async () => {
      const [one, other] = [await app.rows.user(), await app.rows.user()]
      await warm(app, '{ a: __typename }', { as: one })
      await post(app, me, { as: other })
      await place.untilDrained()
      await warm(app, '{ a: __typename }', { as: other })
      doings.take()

      expect((await post(app, '{ a: __typename }', { as: other })).from).toBe('loadline; hit')
      expect(doings.take()).toEqual({ lookUp: 1 })
    })

    test('is for GET what it is for POST', async () => {
      const posted = await warm(app, '{ b: __typename }')
      const headers = { 'graphql-require-preflight': '1' }
      const got = await app.fetch('/graphql?query={b:__typename}', { headers })
      const same = await app.fetch('/graphql?query={ b: __typename }', { headers })

      expect(got.headers.get('cache-status')).toBe('loadline; fwd=miss')
      expect(same.headers.get('cache-status')).toBe('loadline; hit')
      expect(await same.text()).toBe(posted.bytes.toString())
    })

    test('has the media type that the client takes', async () => {
      await warm(app, '{ c: __typename }')
      const accept = 'application/graphql-response+json'
      const { response, from } = await post(app, '{ c: __typename }', { headers: { accept } })

      expect(from).toBe('loadline; hit')
      expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`)
    })
  })

  test('a miss looks up once, and stores with the epoch of that', async () => {
    doings.take()
    await post(app, '{ d: __typename }')
    await vi.waitFor(() => expect(doings.take()).toMatchObject({ fill: 1 }), patience)
    const { from } = await post(app, '{ e: __typename }')

    expect(from).toBe('loadline; fwd=miss')
    const { lookUp, ...others } = doings.take()
    expect(lookUp).toBe(1)
    expect(others).toMatchObject({ parse: 1, validate: 1, execute: 1 })
  })

  describe('who may not have an answer is not given it from the store:', () => {
    test('who was deleted is told so, though the answer is everybody’s', async () => {
      const user = await app.rows.user()
      await warm(app, '{ f: __typename }', { as: user })
      await app.prisma.user.delete({ where: { id: user.id } })
      await place.untilDrained()

      expect((await post(app, '{ f: __typename }', { as: user })).response.status).toBe(401)
    })

    test('who has another role now gets the answer for that', async () => {
      const user = await app.rows.user()
      const before = await warm(app, me, { as: user })
      await app.prisma.user.update({ where: { id: user.id }, data: { role: 'TEACHER' } })
      await place.untilDrained()
      const after = await post(app, me, { as: user })

      expect(JSON.parse(before.bytes.toString()).data.viewer.role).toBe('STUDENT')
      expect(JSON.parse(after.bytes.toString()).data.viewer.role).toBe('TEACHER')
      expect(after.from).not.toBe('loadline; hit')
    })

    test('who may run trusted documents only is refused what an admin has run', async () => {
      await using own = await openCachedPlace(kind)
      const strict = await own.start({
        env: { LOADLINE_TRUSTED_DOCUMENTS: 'require' },
        enabled: true,
        redisUrl: own.redis?.url ?? null,
      })
      const [admin, user] = [await strict.rows.admin(), await strict.rows.user()]
      await vi.waitFor(async () => {
        const { response, from } = await post(strict, '{ g: __typename }', { as: admin })
        expect(response.status).toBe(200)
        expect(from).toBe('loadline; hit')
      }, patience)

      expect((await post(strict, '{ g: __typename }', { as: user })).response.status).toBe(403)
    })
  })

  describe('what the door does not know', () => {
    test('several operations at once, are refused as before, whatever is stored', async () => {
      await warm(app, '{ h: __typename }')
      const ask = (body: string, headers: Readonly<Record<string, string>>) =>
        app.fetch('/graphql', { method: 'POST', headers, body })
      const json = { 'content-type': 'application/json' }
      const batch = await ask('[{"query":"{ h: __typename }"}]', json)
      const form = await ask('', { 'content-type': 'multipart/form-data; boundary=x' })
      const events = await ask('{"query":"{ h: __typename }"}', {
        ...json,
        accept: 'text/event-stream',
      })

      expect([batch.status, form.status, events.status]).toEqual([400, 415, 406])
    })

    test('an explanation, is added on the longer way', async () => {
      await warm(app, '{ i: __typename }')
      doings.take()
      const { cache, data } = await app.ask('{ i: __typename }')

      expect(data).toEqual({ i: 'Query' })
      expect(cache).toMatchObject({ outcome: 'hit', scope: 'public' })
      expect(doings.take()).toEqual({ lookUp: 1 })
    })

    test('a plugin that adds to every result, is asked on the longer way', async () => {
      await using own = await openCachedPlace(kind)
      const plugin: Plugin = {
        onExecutionResult: ({ result, setResult }) => {
          if (result && !(Symbol.asyncIterator in result)) {
            setResult({ ...result, extensions: { from: 'a plugin' } })
          }
        },
      }
      const marked = await own.start({ plugins: [plugin] })
      await marked.ask('{ j: __typename }')
      await vi.waitFor(async () => {
        expect((await marked.ask('{ j: __typename }')).cache.outcome).toBe('hit')
      }, patience)
      const { response, bytes } = await post(marked, '{ j: __typename }')

      expect(JSON.parse(bytes.toString())).toEqual({
        data: { j: 'Query' },
        extensions: { from: 'a plugin' },
      })
      expect(response.headers.get('cache-control')).toBe('no-store')
    })
  })

  describe('what is stored compressed', () => {
    const names = Array.from({ length: 35 }, (_, i) => `aNameOfThirtyTwoLettersAndANumber${i}`)
    const long = `{ ${names.map((name) => `${name}: __typename`).join(' ')} }`
    const expected = JSON.stringify({
      data: Object.fromEntries(names.map((name) => [name, 'Query'])),
    })

    test.for<[accept: string | null, encoding: string | null]>([
      ['gzip', 'gzip'],
      ['gzip, deflate, br', 'gzip'],
      ['br;q=1, gzip;q=0.1', 'gzip'],
      ['*', 'gzip'],
      ['br', 'br'],
      ['br, gzip;q=0', 'br'],
      ['deflate', null],
      ['identity', null],
      ['gzip;q=0', null],
      ['identity;q=0, *;q=0', null],
      ['gzip;q=nonsense', null],
      [',;=q,,', null],

      ['__proto__, constructor', null],
      [null, null],
    ])(
      'is sent as it is, unless the client takes it not at all: %s',
      async ([accept, encoding]) => {
        await warm(app, long)
        const headers: Record<string, string> = accept === null ? {} : { 'accept-encoding': accept }
        const { response, bytes, from } = await post(app, long, { headers })
        const text = { gzip: gunzipSync, br: brotliDecompressSync, none: (same: Buffer) => same }

        expect(from).toBe('loadline; hit')
        expect(response.headers.get('content-encoding')).toBe(encoding)
        expect(text[(encoding ?? 'none') as keyof typeof text](bytes).toString()).toBe(expected)
      },
    )

    test('is found for who sends thousands of encodings that nobody knows', async () => {
      await warm(app, long)
      const headers = { 'accept-encoding': `${'x, '.repeat(3_000)}gzip` }
      const { response, from } = await post(app, long, { headers })

      expect(from).toBe('loadline; hit')
      expect(response.headers.get('content-encoding')).toBe('gzip')
    })

    test('is what the one was sent who computed it', async () => {
      const headers = { 'accept-encoding': 'gzip' }
      const query = long.replaceAll('aName', 'anotherName')
      const computed = await post(app, query, { headers })
      const found = await warm(app, query, { headers })

      expect(computed.from).toBe('loadline; fwd=miss')
      expect(found.bytes.equals(computed.bytes)).toBe(true)
    })
  })

  test('an answer in another form than JSON of data is made for who asks, and not stored', async () => {
    const course = await app.rows.course({ status: 'DRAFT' })
    const query = `{ course(id: "${globalId('Course', course.id)}") { title nothing } }`
    const answers = [await post(app, query), await post(app, query)]

    expect(answers.map(({ response }) => response.status)).toEqual([400, 400])
    expect(answers.map(({ from }) => from)).toEqual([null, null])
  })
})
