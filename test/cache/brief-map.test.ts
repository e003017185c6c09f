import { expect, test } from 'vitest'
import { createBriefMap } from '../../src/cache/brief-map.ts'
import { measureKeptBytes } from '../support/kept-bytes.ts'

test('gives what was set under a name last, whatever the name, and nothing once it is deleted', () => {
  const map = createBriefMap<number>()
  for (const name of ['a', '', '__proto__', 'constructor', '7']) {
    expect(map.get(name)).toBeUndefined()
    map.set(name, 1)
    map.set(name, 2)
    expect(map.get(name)).toBe(2)
    map.delete(name)
    expect(map.get(name)).toBeUndefined()
  }
})

test('keeps nothing of what is not in it any more', async () => {
  const map = createBriefMap<object>()
  let count = 0
  const pass = () => {
    count += 1
    map.set(
      `name ${count}`,
      Array.from({ length: 1_000 }, (_, index) => ({ index })),
    )
    // Three are there at any time, as on a server.
    map.delete(`name ${count - 3}`)
  }

  expect(await measureKeptBytes(pass)).toBeLessThan(8_000)
})
