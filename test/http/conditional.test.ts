import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AnnouncedTags } from '../../src/cache/tell-purger.ts'
import { matchesEtag } from '../../src/http/etag.ts'
import { globalId } from '../support/global-id.ts'
import {
  type CachedApp,
  type CachedPlace,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

interface Asking {
  readonly as?: { readonly id: string } | null
  readonly headers?: Readonly<Record<string, string>>
}

async function get(app: CachedApp, query: string, { as = null, headers }: Asking = {}) {
  const response = await app.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
    headers: {
      'graphql-require-preflight': '1',
      ...(as && { authorization: `Bearer ${await app.tokenFor(as.id)}` }),
      ...headers,
    },
  })
  const header = (name: string) => response.headers.get(name)
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, body, header, etag: header('etag') ?? '' }
}

/** Asks until it is a hit. */
async function warm(app: CachedApp, query: string, asking?: Asking) {
  return vi.waitFor(async () => {
    const found = await get(app, query, asking)
    expect(found.header('cache-status')).toBe('loadline; hit')
    return found
  }, patience)
}

const me = '{ viewer { id name } }'
const names = Array.from({ length: 35 }, (_, i) => `aNameOfThirtyTwoLettersAndANumber${i}`)
const long = `{ ${names.map((name) => `${name}: __typename`).join(' ')} }`

describe('a GET whose answer is stored', () => {
  let place: CachedPlace
  let app: CachedApp
  beforeAll(async () => {
    place = await openCachedPlace('memory')
    app = await place.start()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('has an ETag of its content, with which it is asked for again', async () => {
    const { etag, body, header } = await warm(app, '{ a: __typename }')
    const again = await get(app, '{ a: __typename }', { headers: { 'if-none-match': etag } })

    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
    expect(etag).toBe(`"${hash}"`)
    expect(header('cache-control')).toBe('private, no-cache')
    expect(header('vary')).toBe('Authorization, Accept, Accept-Encoding')
    expect(again).toMatchObject({ status: 304, etag, body: Buffer.alloc(0) })
    expect(again.header('cache-control')).toBe('private, no-cache')
    expect(again.header('vary')).toBe('Authorization, Accept, Accept-Encoding')
    expect(again.header('content-encoding')).toBeNull()
  })

  test('has one for each encoding and media type, and none stands for another', async () => {
    const gzip = { 'accept-encoding': 'gzip' }
    const response = { accept: 'application/graphql-response+json' }
    const variants = [{}, gzip, { 'accept-encoding': 'br' }, response, { ...gzip, ...response }]
    await warm(app, long)
    const etags: string[] = []
    for (const headers of variants) etags.push((await get(app, long, { headers })).etag)
    const matched = []
    for (const headers of variants) {
      for (const etag of etags) {
        const asked = await get(app, long, { headers: { ...headers, 'if-none-match': etag } })
        matched.push(asked.status === 304)
      }
    }

    expect(new Set(etags).size).toBe(variants.length)
    expect(matched.filter(Boolean)).toHaveLength(variants.length)
    const { body } = await get(app, long, { headers: gzip })
    expect(gunzipSync(body).toString()).toBe((await get(app, long)).body.toString())
  })

  test('keeps its ETag when it is computed anew to the same, and changes it otherwise', async () => {
    const user = await app.rows.user({ name: 'Before' })
    const { etag } = await warm(app, me, { as: user })
    const write = async (name: string) => {
      await app.prisma.user.update({ where: { id: user.id }, data: { name } })
      await place.untilDrained()
      return get(app, me, { as: user, headers: { 'if-none-match': etag } })
    }

    expect(await write('After')).toMatchObject({ status: 200 })
    expect((await write('Before')).etag).toBe(etag)
  })

  test('says 304 to nobody whose own answer was not found', async () => {
    const [one, other] = [await app.rows.user(), await app.rows.user()]
    const { etag } = await warm(app, me, { as: one })
    const headers = { 'if-none-match': etag }

    expect((await get(app, me, { as: other, headers })).status).toBe(200)
    expect((await get(app, me, { headers })).status).toBe(200)
    expect(
      (await get(app, me, { headers: { ...headers, authorization: 'Bearer x' } })).status,
    ).toBe(401)
    expect((await get(app, me, { as: { id: crypto.randomUUID() }, headers })).status).toBe(401)
  })

  test('that was not found is sent whole, whatever its client claims to have', async () => {
    const headers = { 'if-none-match': '*' }

    expect(await get(app, '{ b: __typename }', { headers })).toMatchObject({ status: 200 })
    await warm(app, '{ b: __typename }')
    expect(await get(app, '{ b: __typename }', { headers })).toMatchObject({ status: 304 })
  })

  test('that fails, or may be kept nowhere, has none', async () => {
    for (const query of ['{ nothing }', '{ __schema { queryType { name } } }']) {
      const { header } = await get(app, query, { headers: { 'if-none-match': '*' } })
      expect([header('etag'), header('cache-control')]).toEqual([null, 'no-store'])
    }
  })

  test('of a POST, is sent whole without one: a mutation is done, whatever its condition', async () => {
    await warm(app, '{ c: __typename }')
    const user = await app.rows.user({ name: 'Before' })
    const post = async (query: string) =>
      app.fetch('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'if-none-match': '*',
          authorization: `Bearer ${await app.tokenFor(user.id)}`,
        },
        body: JSON.stringify({ query }),
      })
    const found = await post('{ c: __typename }')
    const done = await post(
      'mutation { updateProfile(input: { name: "After" }) { user { name } } }',
    )

    expect([found.status, found.headers.get('etag')]).toEqual([200, null])
    expect(found.headers.get('cache-status')).toBe('loadline; hit')
    expect(await done.json()).toEqual({ data: { updateProfile: { user: { name: 'After' } } } })
  })

  test.for([
    ['no quotes at all', 'none'],
    ['quotes that do not close', '"'],
    ['many thousand', '"x", '.repeat(3_000)],
    ['only commas', ','.repeat(10_000)],
    ['a weak one of another', 'W/"other"'],
    ['nothing', ''],
  ] as const)('is sent whole to who claims to have %s', async ([, claim]) => {
    await warm(app, '{ d: __typename }')

    const headers = { 'if-none-match': claim }
    expect((await get(app, '{ d: __typename }', { headers })).status).toBe(200)
  })

  test.for<[claim: string, matches: boolean]>([
    ['"tag"', true],
    ['W/"tag"', true],
    ['"a", "tag"', true],
    [' * ', true],
    ['"a,"tag', false],
    ['tag', false],
    ['"tag"-gzip', true],
    ['"tag-gzip"', false],
  ])('is compared with %s', ([claim, matches]) => {
    expect(matchesEtag(claim, '"tag"')).toBe(matches)
  })
})

describe('with caches outside', () => {
  let place: CachedPlace
  let app: CachedApp
  const purged: AnnouncedTags[] = []
  beforeAll(async () => {
    place = await openCachedPlace('memory')
    app = await place.start({
      env: { CACHE_SHARED_SECONDS: '30', CACHE_SHARED_STALE_SECONDS: '5', CORS_ORIGINS: '*' },
      onAnnounced: (announced) => {
        purged.push(announced)
        throw new Error('The purge failed')
      },
    })
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('what is everybody’s may be kept there, and says by what it is to be dropped', async () => {
    const course = await app.rows.course()
    await place.untilDrained()
    const query = `{ course(id: "${globalId('Course', course.id)}") { title } }`
    const { header } = await warm(app, query)

    expect(header('cache-control')).toBe('public, max-age=0, s-maxage=30, stale-while-revalidate=5')
    expect(header('vary')).toBe('Accept, Accept-Encoding, Origin')
    expect(header('ratelimit')).toBeNull()
    const keys = header('surrogate-key')?.split(' ') ?? []
    expect(header('cache-tag')?.split(',')).toEqual(keys)
    expect(keys.length).toBeGreaterThan(0)

    await app.prisma.course.update({ where: { id: course.id }, data: { title: 'Other' } })
    await place.untilDrained()
    const dropped = purged.flatMap(({ surrogateKeys }) => surrogateKeys)
    expect(dropped.some((key) => keys.includes(key))).toBe(true)
    expect(app.cacheLog.map(({ msg }) => msg)).toContain(
      'A cache outside could not be told what to drop',
    )
  })

  test('what depends on very much names whole models instead', async () => {
    const fields: string[] = []
    for (let i = 0; i < 35; i += 1) {
      const { id } = await app.rows.course()
      fields.push(`c${i}: course(id: "${globalId('Course', id)}") { title teacher { name } }`)
    }
    await place.untilDrained()
    const few = await warm(app, `{ ${fields[0]} }`)
    const many = await warm(app, `{ ${fields.join(' ')} }`)

    const count = ({ header }: typeof few) => header('surrogate-key')?.split(' ').length
    expect(count(few)).toBeGreaterThan(2)
    expect(count(many)).toBe(2)
    expect(many.header('cache-control')).toContain('s-maxage')
  })

  test('what is a role’s or a viewer’s is kept nowhere else, nor what was posted', async () => {
    const user = await app.rows.user()
    const own = await warm(app, me, { as: user })
    const posted = await app.query('{ e: __typename }', { headers: { 'loadline-explain': '0' } })

    expect(own.header('cache-control')).toBe('private, no-cache')
    expect(own.header('surrogate-key')).toBeNull()
    expect(posted.headers.get('cache-control')).toBe('private, no-cache')
  })
})
