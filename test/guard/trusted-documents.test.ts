import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTrustedDocuments, readManifest } from '../../src/guard/trusted-documents.ts'
import { createSmallSchema } from '../http/small-schema.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/start-test-app.ts'

const known = 'query Known { hello }'
const change = 'mutation Change { add }'
const adHoc = 'query AdHoc { count }'
const idOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
const manifest = new Map([known, change].map((text) => [idOf(text), text]))

let base: TestApp

beforeAll(async () => {
  base = await startTestApp({ schema: createSmallSchema() })
})
afterAll(() => base[Symbol.asyncDispose]())

describe('in mode "allow"', () => {
  test('the id of a document stands for its text, by POST and by GET', async () => {
    await using app = await start()
    const posted = await post(app, { documentId: idOf(known) })
    const got = await app.fetch(`/graphql?documentId=${idOf(known)}`, { headers: preflighted })

    expect(posted.body).toEqual({ data: { hello: 'world' } })
    expect(await got.json()).toEqual({ data: { hello: 'world' } })
  })

  test('the hash of automatic persisted queries is an id as well', async () => {
    await using app = await start()

    expect((await post(app, persisted(known))).body).toEqual({ data: { hello: 'world' } })
  })

  test('an id that nobody knows is one error, by which a client knows to send the text', async () => {
    await using app = await start()
    const { status, body } = await post(app, { documentId: idOf(adHoc) })

    expect(status).toBe(404)
    expect(body).toEqual({
      errors: [
        { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
      ],
    })
  })

  test('a text that is sent along with its id is run, and not kept', async () => {
    await using app = await start()

    expect((await post(app, { ...persisted(adHoc), query: adHoc })).status).toBe(200)
    expect((await post(app, persisted(adHoc))).status).toBe(404)
  })

  test('a mutation by its id over GET is refused, and does not run', async () => {
    await using app = await start()
    const before = await app.query('{ count }')
    const response = await app.fetch(`/graphql?documentId=${idOf(change)}`, {
      headers: preflighted,
    })

    expect(response.status).toBe(405)
    expect((await app.query('{ count }')).data).toEqual(before.data)
  })

  test.for<readonly [what: string, params: object]>([
    ['no hash', { documentId: 'known' }],
    ['another hash', { documentId: `md5:${'0'.repeat(32)}` }],
    ['capitals', { documentId: idOf(known).toUpperCase() }],
    ['a prototype', { documentId: '__proto__' }],
    ['a number', { documentId: 7 }],
    ['the hash of another text', { documentId: idOf(known), query: adHoc }],
    ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'a' } } }],
    [
      'something else for the hash',
      { extensions: { persistedQuery: { version: 1, sha256Hash: {} } } },
    ],
    ['text instead of an object', { extensions: { persistedQuery: 'x' } }],
    ['neither id nor text', {}],
  ])('%s is a 400', async ([, params]) => {
    await using app = await start()

    expect((await post(app, params)).status).toBe(400)
  })
})

describe('in mode "require"', () => {
  const env = { LOADLINE_TRUSTED_DOCUMENTS: 'require' }

  test('a document of the manifest runs, by id or text', async () => {
    await using app = await start({ env })

    expect((await post(app, { documentId: idOf(known) })).status).toBe(200)
    expect((await post(app, { query: known })).status).toBe(200)
  })

  test.for([adHoc, `${known} `, 'mutation { add }', '{ __schema { types { name } } }', '{'])(
    'nobody may run %s, and it does not run',
    async (query) => {
      await using app = await start({ env })
      const student = await base.rows.user()

      for (const as of [null, student]) {
        const { status, errors } = await app.query(query, { as })
        expect(status).toBe(403)
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['DOCUMENT_NOT_TRUSTED'])
      }
      expect((await post(app, { query: '{ count }' })).status).toBe(403)
    },
  )

  test('an admin may run any', async () => {
    await using app = await start({ env })
    const admin = await base.rows.admin()

    expect((await app.query(adHoc, { as: admin })).data).toEqual({ count: expect.any(Number) })
  })
})

test('in mode "off" ids are not understood', async () => {
  await using app = await start({ env: { LOADLINE_TRUSTED_DOCUMENTS: 'off' } })
  const { status, body } = await post(app, { documentId: idOf(known) })

  expect(status).toBe(400)
  expect(body.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED')
})

describe('automatic persisted queries', () => {
  test('are found by their hash once they were sent with it', async () => {
    await using app = await start({ env: { LOADLINE_APQ: 'true' } })

    expect((await post(app, persisted(adHoc))).status).toBe(404)
    expect((await post(app, { ...persisted(adHoc), query: adHoc })).status).toBe(200)
    expect((await post(app, persisted(adHoc))).status).toBe(200)
  })

  test('cannot be stored under the hash of another', async () => {
    await using app = await start({ env: { LOADLINE_APQ: 'true' } })

    expect((await post(app, { ...persisted(adHoc), query: change })).status).toBe(400)
    expect((await post(app, persisted(adHoc))).status).toBe(404)
  })

  test('are kept up to so many bytes, those used last', () => {
    const documents = createTrustedDocuments({ mode: 'allow', manifest, automatic: true })
    const texts = Array.from({ length: 300 }, (_, index) => `{ a${index} } #${'x'.repeat(30_000)}`)
    for (const query of texts) documents.find({ query, documentId: idOf(query) })
    const isKnown = (text = '') => {
      try {
        return documents.find({ documentId: idOf(text) }).query === text
      } catch {
        return false
      }
    }

    const kept = texts.filter(isKnown)
    expect(kept.length * 30_000).toBeLessThan(4 * 1_024 * 1_024)
    expect(kept.length).toBeGreaterThan(100)
    expect(isKnown(texts.at(-1))).toBe(true)
    expect(isKnown(texts[0])).toBe(false)
  })

  test('do not make a document trusted', () => {
    const documents = createTrustedDocuments({ mode: 'require', manifest, automatic: true })
    documents.find({ query: adHoc, documentId: idOf(adHoc) })
    const found = documents.find({ documentId: idOf(adHoc) })

    expect(() => documents.check(found, false)).toThrow(/known here/)
  })
})

test('a manifest whose text was changed is refused', async () => {
  const path = join(tmpdir(), `loadline-manifest-${process.pid}.json`)
  await writeFile(path, JSON.stringify({ [idOf(known)]: change }))

  await expect(readManifest(path)).rejects.toThrow(/is not the hash/)
})

const preflighted = { 'graphql-require-preflight': '1' }

function start(options: TestAppOptions = {}): Promise<TestApp> {
  return startTestApp({ schema: base.schema, database: base.database, manifest, ...options })
}

function persisted(text: string) {
  return { extensions: { persistedQuery: { version: 1, sha256Hash: idOf(text).slice(7) } } }
}

async function post(app: TestApp, params: object) {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  return { status: response.status, body: await response.json() }
}
