import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureKeptBytes } from '../support/kept-bytes.ts'
import { openFilledCatalogue } from './open-filled-catalogue.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 40, books: 400 })
})
afterAll(() => catalogue[Symbol.asyncDispose]())

test('what a request has read dies with it, and does not wait until the whole heap is collected', async () => {
  const ask = () =>
    catalogue.ask(
      '{ authors(first: 40) { nodes { name books(first: 20) { nodes { id title } } } } }',
    )
  const { data } = await ask()

  expect(await measureKeptBytes(ask)).toBeLessThan(2 * JSON.stringify(data).length)
})
