import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { bundleOf, compressedSize } from '../support/bundle.ts'
import type { CostWorkloads } from './cost-workloads.ts'
import { type Costs, findExcesses } from './judge-costs.ts'
import { compareCpu, countCosts } from './measure-costs.ts'
import { type OpenCostPlace, openCostPlace } from './open-cost-place.ts'
import { readRecordedCosts, recordCosts } from './recorded-costs.ts'

const bundles = {
  'the client of one operation': `
    import { createClient } from './sdk.ts'
    import { ViewerDocument } from './generated/graphql.ts'
    createClient({ url: '/graphql' }).query(ViewerDocument).then(console.log)`,
  'the client of all operations': `
    import { createClient } from './sdk.ts'
    import * as documents from './generated/graphql.ts'
    console.log(createClient, documents)`,
}

let place: OpenCostPlace
let counted: Awaited<ReturnType<typeof countCosts>>

beforeAll(async () => {
  place = await openCostPlace()
  counted = await countCosts(place, place.workloads)
})

afterAll(() => place[Symbol.asyncDispose]())

describe('nothing costs more than recorded (npm run budgets):', () => {
  test('requests, in code, memory and writes', async () => {
    const again = (left: CostWorkloads) => countCosts(place, left)
    expect(await findLasting(place.workloads, again, counted)).toEqual([])
  })

  test('requests, in CPU', async () => {
    const compare = async (left: CostWorkloads) => {
      const ratios = Object.entries(await compareCpu(place, left))
      return Object.fromEntries(ratios.map(([name, cpu]) => [name, { cpu }]))
    }
    expect(await findLasting(place.workloads, compare)).toEqual([])
  })

  test('bundles', async () => {
    const sizes = Object.entries(bundles).map(async ([name, contents]) => {
      return [name, { bytes: compressedSize(await bundleOf(contents)) }] as const
    })
    expect(excessesOf(Object.fromEntries(await Promise.all(sizes)))).toEqual([])
  })
})

test('a request that becomes 30 % dearer is named, and no other', async () => {
  const { node, list } = place.workloads
  if (!node || !list) throw new Error('There are no such requests')
  const dearer = { node, list: { ...list, requests: 10, sent: 13 } }

  const found = findExcesses(await countCosts(place, dearer), counted)

  expect(found).toEqual([
    expect.stringMatching(/^list: code costs (2[5-9]|3[0-5]) % more than recorded/),
    expect.stringMatching(/^list: allocated costs (2[0-9]|3[0-9]) % more/),
    expect.stringMatching(/^list: writes costs (2[0-9]|3[0-9]|4[0-5]) % more/),
  ])
})

/** None where they are recorded instead. */
function excessesOf(measured: Costs): readonly string[] {
  if (inject('isRecording')) recordCosts(measured)
  return findExcesses(measured, readRecordedCosts())
}

/** A busy machine may make any request look dear once, but hardly the same one three times. */
async function findLasting(
  workloads: CostWorkloads,
  measure: (left: CostWorkloads) => Promise<Costs>,
  measured?: Costs,
): Promise<readonly string[]> {
  let left = workloads
  let excesses = excessesOf(measured ?? (await measure(left)))
  for (let attempt = 1; attempt < 3 && excesses.length > 0; attempt += 1) {
    const isDear = (name: string) => excesses.some((excess) => excess.startsWith(`${name}:`))
    left = Object.fromEntries(Object.entries(left).filter(([name]) => isDear(name)))
    excesses = excessesOf(await measure(left))
  }
  return excesses
}
