import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFilledCatalogue } from './open-filled-catalogue.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 40, books: 400 })
})
afterAll(() => catalogue[Symbol.asyncDispose]())

const requests = 60

test('what a request has read dies with it, and does not wait until the whole heap is collected', async () => {
  setFlagsFromString('--expose-gc')
  const collect: (options?: { readonly type: 'minor' }) => void = runInNewContext('gc')
  const collectYoung = () => collect({ type: 'minor' })
  const ask = () =>
    catalogue.ask(
      '{ authors(first: 40) { nodes { name books(first: 20) { nodes { id title } } } } }',
    )
  for (let turn = 0; turn < requests; turn += 1) await ask()
  const { data } = await ask()
  const answerBytes = JSON.stringify(data).length
  collect()
  collect()

  // The engine itself keeps something now and then, as when it compiles; requests would do so always.
  const keptBytes: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const before = process.memoryUsage().heapUsed
    for (let turn = 0; turn < requests; turn += 1) {
      await ask()
      if (turn % 10 === 9) collectYoung()
    }
    collectYoung()
    collectYoung()
    keptBytes.push((process.memoryUsage().heapUsed - before) / requests)
  }

  expect(Math.min(...keptBytes)).toBeLessThan(2 * answerBytes)
})
