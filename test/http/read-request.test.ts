import { describe, expect, test } from 'vitest'
import { keyOfQuestion } from '../../src/cache/answer-keys.ts'
import { createLimits } from '../../src/guard/limits.ts'
import { createTrustedDocuments } from '../../src/guard/trusted-documents.ts'
import type { Exchange } from '../../src/http/exchange.ts'
import { createRequestReader } from '../../src/http/read-request.ts'
import { Canceller } from '../../src/sql/cancellation.ts'

const documents = createTrustedDocuments({ mode: 'off', manifest: new Map(), automatic: false })
const read = (limits = {}) =>
  createRequestReader({ limits: { ...createLimits({ production: true }), ...limits }, documents })

function post(body: unknown): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return exchange('POST', '/graphql', async () => text)
}

function get(search: string): Exchange {
  return exchange('GET', `/graphql${search}`, async () => '')
}

function exchange(method: string, target: string, readBody: Exchange['readBody']): Exchange {
  return {
    ...{ requestId: '', method, readBody, signal: new Canceller(), address: null, isLocal: true },
    url: new URL(target, 'http://localhost'),
    headers: () => ({}),
    header: (name) => (name === 'content-type' ? 'application/json' : null),
  }
}

const query = 'query Named($list: JSON) { __typename }'

describe('a request whose text came before', () => {
  test('is the same question, and executed with variables of its own', async () => {
    const reader = read()
    const asked = { query, variables: { list: [1] }, operationName: 'Named' }
    const first = await reader(post(asked))
    const key = keyOfQuestion(first.question)
    const changed = first.params().variables as { list: number[] }
    changed.list.push(2)

    const [second, third] = [await reader(post(asked)), await reader(post(asked))]

    expect(second.question).toBe(third.question)
    expect([keyOfQuestion(second.question), second.operation.name]).toEqual([key, 'Named'])
    for (const one of [second, third]) {
      const { variables } = one.params() as { variables: { list: number[] } }
      expect(variables).toEqual({ list: [1] })
      variables.list.push(3)
    }
    expect(keyOfQuestion({ ...second.params() })).toBe(key)
  })

  test('is refused each time that it is refused', async () => {
    const reader = read({ variableBytes: 10 })
    const asked = post({ query, variables: { list: 'longer than that' } })

    for (let turn = 0; turn < 3; turn += 1) {
      expect((await reader(asked)).refusal).toMatchObject({ code: 'LIMIT_EXCEEDED' })
      await expect(reader(post('nonsense'))).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await expect(reader(post(' '))).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
  })

  test('is another by another method', async () => {
    const reader = read()
    const search = `?query=${encodeURIComponent('{ a }')}`
    expect((await reader(get(search))).params().query).toBe('{ a }')
    expect((await reader(get(search))).params().query).toBe('{ a }')

    await expect(reader(post(search))).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('is read anew when it is long', async () => {
    const reader = read()
    const asked = post({ query, variables: { list: 'x'.repeat(10_000) } })

    const [first, second] = [await reader(asked), await reader(asked)]

    expect(second.question).not.toBe(first.question)
    expect(keyOfQuestion(second.question)).toBe(keyOfQuestion(first.question))
  })
})
