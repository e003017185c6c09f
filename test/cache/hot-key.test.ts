import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import { forEachStore, openCachedPlace } from '../support/start-cached-apps.ts'

const query = '{ courses(first: 5) { nodes { title } } }'
const perSecond = 1_000
const requests = 2_000
const mostWaiting = 200
const ttl = 300

/** Runs what it runs a little later, so that others ask meanwhile, and counts it. */
function counting(database: Database): { readonly database: Database; courses: number } {
  const counted = { database, courses: 0 }
  counted.database = new Proxy(database, {
    get(of, name) {
      const value = Reflect.get(of, name)
      if (name !== 'query') return typeof value === 'function' ? value.bind(of) : value
      return async (...asked: Parameters<Database['query']>) => {
        if (/from "Course"/i.test(asked[0].text)) {
          counted.courses += 1
          await pause(20)
        }
        return of.query(...asked)
      }
    },
  })
  return counted
}

forEachStore((kind) => {
  test('an answer that ends while a thousand a second ask for it is read once each time', async () => {
    await using place = await openCachedPlace(kind)
    const counted = counting(place.database)
    const app = await place.start({
      database: counted.database,
      drained: place.database,
      responseCache: { ttl, jitter: 0 },
      env: { CACHE_VERIFY_SHARE: '0', LOADLINE_LIMITS: 'rate=10000000' },
    })
    await app.rows.course()
    await place.untilDrained()
    const ask = async () => {
      const response = await app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return `${response.status} ${await response.text()}`
    }
    for (let turn = 0; turn < 10; turn += 1) await ask()
    counted.courses = 0
    const asked: Promise<string>[] = []
    let waiting = 0
    const begin = performance.now()
    // Whether or not others were answered, but for a machine that is too busy to keep up.
    while (asked.length < requests) {
      const due = ((performance.now() - begin) * perSecond) / 1_000
      while (asked.length < Math.min(due, requests) && waiting < mostWaiting) {
        waiting += 1
        asked.push(ask().finally(() => (waiting -= 1)))
      }
      await pause(1)
    }
    const answers = new Set(await Promise.all(asked))
    const lasted = performance.now() - begin

    expect(answers.size).toBe(1)
    expect([...answers][0]).toMatch(/^200 .*"title"/)
    expect(counted.courses).toBeGreaterThan(1)
    expect(counted.courses).toBeLessThanOrEqual(Math.floor(lasted / ttl) + 1)
  })
})
