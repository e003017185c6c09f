import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createLogger } from '../../src/observe/logger.ts'
import { domain } from '../../src/schema/domain.ts'
import { readWarmFile, type WarmOptions, warmCache } from '../../src/warm-cache.ts'
import { type CachedApp, openCachedPlace, patience } from '../support/start-cached-apps.ts'

const me = '{ viewer { id name } }'

function warm({ config, database, cache }: CachedApp, options: WarmOptions) {
  return warmCache({ config, database, cache, domain, log: createLogger('silent') }, options)
}

test('what was asked for at the start is found by those for whom it was', async () => {
  await using place = await openCachedPlace('memory')
  // A rate that the warming would have used up.
  const app = await place.start({ env: { LOADLINE_LIMITS: 'rate=60' } })
  const [one, other] = [await app.rows.user(), await app.rows.user()]
  await place.untilDrained()
  const onProgress = vi.fn()
  const many = Array.from({ length: 80 }, (_, i) => ({
    query: `{ w${i}: __typename }`,
    viewers: [null],
  }))
  const operations = [{ query: me, viewers: [null, one.id] }, ...many]

  expect(await warm(app, { operations, onProgress })).toEqual({ total: 82, asked: 82, failed: 0 })
  expect(onProgress).toHaveBeenLastCalledWith(82, 82)
  await vi.waitFor(async () => {
    expect((await app.ask(me, { as: one })).cache.outcome).toBe('hit')
  }, patience)
  expect((await app.ask('{ w3: __typename }')).cache.outcome).toBe('hit')
  expect((await app.ask(me, { as: other })).cache.outcome).toBe('miss')
})

test('it never asks more at a time than it may, and stops when its time is over', async () => {
  await using place = await openCachedPlace('memory')
  let [asking, most] = [0, 0]
  const app = await place.start()
  const plugins = [
    {
      onExecute: () => {
        asking += 1
        most = Math.max(most, asking)
        return {
          onExecuteDone: () => {
            asking -= 1
          },
        }
      },
    },
  ]
  const operations = Array.from({ length: 200 }, (_, i) => ({
    query: `{ x${i}: viewer { id } }`,
    viewers: [null],
  }))
  const { config, database, cache } = app
  const own = { config, database, cache, domain, plugins, log: createLogger('silent') }

  expect((await warmCache(own, { operations, concurrency: 3 })).asked).toBe(200)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(3)
  expect(await warm(app, { operations, budgetMs: 0 })).toMatchObject({ total: 200, asked: 0 })
})

test('an operation with errors is counted, and a file that is none says where it is wrong', async () => {
  await using place = await openCachedPlace('memory')
  const app = await place.start()
  const folder = await mkdtemp(join(tmpdir(), 'warm-'))
  const file = join(folder, 'warm.json')
  try {
    await writeFile(file, '[{"query":"{ nothing }"}]')
    const operations = await readWarmFile(file)
    expect(operations).toEqual([{ query: '{ nothing }', viewers: [null] }])
    expect(await warm(app, { operations })).toEqual({ total: 1, asked: 1, failed: 1 })
    await writeFile(file, '[{"query":"{ a }","viewers":"everybody"}]')
    await expect(readWarmFile(file)).rejects.toThrow('0.viewers')
    await expect(readWarmFile(join(folder, 'none'))).rejects.toThrow('ENOENT')
  } finally {
    await rm(folder, { recursive: true })
  }
})
