import { describe, expect, test } from 'vitest'
import { measureKeptBytes } from '../support/kept-bytes.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { testDatabaseKind } from '../support/test-databases.ts'

// A database in the process keeps what it has read itself.
describe.runIf(testDatabaseKind() === 'postgresql')('on a server', () => {
  test('who waited for a turn keeps nothing of what was read then', async () => {
    await using app = await startTestApp({ env: { LOADLINE_LIMITS: 'executions=1' } })
    for (let count = 0; count < 50; count += 1) await app.rows.course({ status: 'ACTIVE' })
    const query = '{ courses(first: 50) { nodes { title summary slug teacher { name } } } }'
    const ask = async () => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ query })
      const response = await app.fetch('/graphql', { method: 'POST', headers, body })
      expect(response.status).toBe(200)
      return response.text()
    }
    const answer = await ask()
    const askers = 8
    // Those at the end of the line grow old before it is their turn.
    const askAtOnce = async (collectYoung: () => void) => {
      const asking = Array.from({ length: askers }, async () => {
        await ask()
        collectYoung()
      })
      await Promise.all(asking)
    }

    const keptBytes = await measureKeptBytes(askAtOnce)

    expect(keptBytes / askers).toBeLessThan(2 * answer.length)
  }, 60_000)
})
