import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type CachedApp,
  type CachedPlace,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

const longName = 'aNameOfThirtyTwoLettersAndANumber'
const names = Array.from({ length: 35 }, (_, i) => `${longName}${i}`)
const query = `{ viewer { name ${names.map((name) => `${name}: __typename`).join(' ')} } }`

const decoders = { gzip: gunzipSync, br: brotliDecompressSync, identity: (same: Buffer) => same }

describe('whatever stands in the headers,', () => {
  let place: CachedPlace
  let app: CachedApp
  /** Of two people whose answers differ: the ETags of each encoding, and the text. */
  const people: {
    readonly id: string
    readonly text: string
    readonly etags: readonly string[]
  }[] = []

  async function get(id: string, headers: Readonly<Record<string, string>>) {
    const response = await app.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
      headers: { authorization: `Bearer ${await app.tokenFor(id)}`, ...headers },
    })
    return { response, body: Buffer.from(await response.arrayBuffer()) }
  }

  function decode(response: Response, body: Buffer): string {
    const encoding = response.headers.get('content-encoding') ?? 'identity'
    // Any other fails the test, as there is no such decoder.
    return decoders[encoding as keyof typeof decoders](body).toString()
  }

  beforeAll(async () => {
    place = await openCachedPlace('memory')
    app = await place.start({ env: { LOADLINE_LIMITS: 'rate=10000000', CACHE_VERIFY_SHARE: '0' } })
    for (const name of ['one', 'other']) {
      const { id } = await app.rows.user({ name })
      await place.untilDrained()
      const etags: string[] = []
      let text = ''
      for (const accepted of ['gzip', 'br', 'identity']) {
        await vi.waitFor(async () => {
          const { response, body } = await get(id, { 'accept-encoding': accepted })
          expect(response.headers.get('cache-status')).toBe('loadline; hit')
          text = decode(response, body)
          etags.push(response.headers.get('etag') ?? '')
        }, patience)
      }
      people.push({ id, text, etags })
    }
    expect(new Set(people.flatMap(({ etags }) => etags)).size).toBe(6)
  })
  afterAll(() => place[Symbol.asyncDispose]())

  const quality = fc.oneof(
    fc.constantFrom('', ';q=0', ';q=1', ';q=0.5', ';q=-1', ';q=2', ';q=1e9', ';q=NaN', ';q=', ';q'),
    fc.double().map((q) => `;q=${q}`),
  )
  const coding = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('gzip', 'br', 'identity', '*', 'deflate', 'x-gzip') },
    fc.constantFrom('GZIP', 'zstd', '__proto__', 'constructor', '', ';', 'gzip gzip', '"gzip"'),
    fc.string({ unit: 'binary-ascii', maxLength: 12 }).map(fieldText),
  )
  const acceptEncoding = fc.oneof(
    fc
      .array(fc.tuple(coding, quality), { maxLength: 12 })
      .map((all) => all.map((one) => one.join('')).join(', ')),
    fc.constantFrom(
      'identity;q=0',
      'identity;q=0, *;q=0',
      '*;q=0',
      'gzip, gzip, gzip;q=0',
      'gzip;q=0, gzip',
      `${'gzip;q=0.1, '.repeat(1_000)}br`,
      'x'.repeat(15_000),
      ','.repeat(15_000),
    ),
  )
  /** Tags of the viewer's own entry are named by their number, others as they are. */
  const tag = fc.oneof(
    fc.constantFrom(
      '"x"',
      'W/"x"',
      '""',
      'W/',
      '"',
      '"unterminated',
      'W/"',
      '"a""b"',
      '\\"',
      '"*"',
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 12 }).map(fieldText),
    fc.nat({ max: 5 }),
  )
  const conditions = fc.oneof(
    fc.array(fc.tuple(fc.boolean(), tag), { maxLength: 12 }),
    fc.array(fc.tuple(fc.boolean(), tag), { minLength: 1_000, maxLength: 1_000, size: 'max' }),
  )

  test('nothing fails, and a 304 is only for who names the very entry', async () => {
    let unchanged = 0
    let sent = 0
    const check = async ([asOther, accepts, claims]: readonly [
      boolean,
      string,
      readonly (readonly [boolean, string | number])[],
    ]) => {
      const [viewer, stranger] = asOther ? [people[1], people[0]] : people
      if (!viewer || !stranger) throw new Error('There are two')
      const known = [...viewer.etags, ...stranger.etags]
      const list = claims.map(([isWeak, one]) => {
        const text = typeof one === 'number' ? (known[one] ?? '') : one
        return isWeak && text.startsWith('"') ? `W/${text}` : text
      })
      const claim = list.join(', ').slice(0, 16_000)
      const { response, body } = await get(viewer.id, {
        'accept-encoding': accepts,
        'if-none-match': claim,
      })
      const etag = response.headers.get('etag') ?? ''

      expect([200, 304]).toContain(response.status)
      expect(viewer.etags).toContain(etag)
      if (response.status === 304) {
        unchanged += 1
        expect(body).toHaveLength(0)
        expect(claim.trim() === '*' || claim.includes(etag)).toBe(true)
      } else {
        sent += 1
        expect(decode(response, body)).toBe(viewer.text)
        const listed = list.map((one) => one.trim().replace(/^W\//, ''))
        if (list.every(isWellFormed) && claim.length < 16_000) expect(listed).not.toContain(etag)
      }
    }
    await fc.assert(fc.asyncProperty(fc.tuple(fc.boolean(), acceptEncoding, conditions), check), {
      numRuns: Number(process.env.LOADLINE_HEADER_RUNS ?? 400),
      seed: 1,
    })

    // That one of them never came would prove nothing.
    expect(unchanged).toBeGreaterThan(20)
    expect(sent).toBeGreaterThan(20)
  })

  test.for([
    ['*', 304],
    [' * ', 304],
    ['*, *', 200],
    ['"*"', 200],
    [`${'"x", '.repeat(1_000)}OWN`, 304],
    [`${'W/"x", '.repeat(1_000)}W/OWN`, 304],
    [`"${'x'.repeat(16_000)}"`, 200],
    ['"'.repeat(15_999), 200],
    ['"unterminated, OWN', 200],
    ['OTHER', 200],
    ['W/OTHER, OTHER', 200],
  ] as const)('If-None-Match: %.20s is answered %i', async ([claim, status]) => {
    const [viewer, stranger] = people
    const own = viewer?.etags[0] ?? ''
    const { response } = await get(viewer?.id ?? '', {
      'accept-encoding': 'gzip',
      'if-none-match': claim.replace('OWN', own).replaceAll('OTHER', stranger?.etags[0] ?? ''),
    })

    expect(response.status).toBe(status)
  })
})

/** What may stand in a header at all. */
function fieldText(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e]/g, '').trim()
}

function isWellFormed(tag: string): boolean {
  return /^(W\/)?"[^"]*"$/.test(tag)
}
