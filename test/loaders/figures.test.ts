import { expect, test } from 'vitest'
import { type AggregateTerm, compileAggregateList } from '../../src/sql/compile-aggregate.ts'
import type { Condition } from '../../src/sql/condition.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { openFilledCatalogue } from './open-filled-catalogue.ts'

const always: Condition = { kind: 'always' }

test('figures that cannot be worked out fail alone, whatever was asked with them', async () => {
  await using catalogue = await openFilledCatalogue({ authors: 5, books: 9 })
  const { datamodel, ask, run } = catalogue
  await run('UPDATE archive."the authors" SET rating = 1e308')
  const { loaders, tally } = await ask('{ __typename }')
  const asker = { fieldNodes: [], path: { prev: undefined, key: 'figures', typename: undefined } }
  const figureOf = (model: string, figure: AggregateTerm['figure'], column: string | null) => {
    const list = { datamodel, model: getModel(datamodel, model), bind: null, condition: always }
    return loaders.loadAggregate({
      shape: compileAggregateList(list).shape,
      key: [],
      slots: [],
      figures: [{ figure, column, where: always }],
      tagsOf: () => [],
      asker,
    })
  }

  const outcomes = await Promise.allSettled([
    figureOf('Author', 'sum', 'rating'),
    figureOf('Book', 'count', null),
    figureOf('Author', 'count', null),
    figureOf('Dossier', 'count', null),
  ])

  const tooLarge = { status: 'rejected', reason: { code: '22003' } }
  expect(outcomes[0]).toMatchObject(tooLarge)
  // Of the same rows, so that they are one look at them.
  expect(outcomes[2]).toMatchObject(tooLarge)
  expect([outcomes[1], outcomes[3]]).toMatchObject([
    { status: 'fulfilled', value: [9] },
    { status: 'fulfilled', value: [expect.any(Number)] },
  ])
  // All together, then each by itself; those that failed are not told.
  expect(tally.statements).toHaveLength(2)
})
