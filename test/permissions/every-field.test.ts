import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSchool, type School } from './create-school.ts'
import { askers, places, shownByMutations } from './field-decisions.ts'
import { idsOf } from './school-ids.ts'
import { cellsOf, documentOf, nameOf, strayFields, typesToDecide } from './walk-fields.ts'

let app: TestApp
let school: School

beforeAll(async () => {
  app = await startTestApp()
  school = await createSchool(app.rows)
})

afterAll(() => app[Symbol.asyncDispose]())

test('every field of every type has a decision, and nothing else has one', () => {
  const decided = [
    ...places.flatMap(({ type, fields }) =>
      Object.keys(fields).map((one) => `${type}.${nameOf(one)}`),
    ),
    ...Object.entries(shownByMutations).flatMap(([type, fields]) =>
      fields.map((name) => `${type}.${name}`),
    ),
  ]
  const all = typesToDecide(app.schema).flatMap((type) =>
    Object.keys(type.getFields()).map((name) => `${type.name}.${name}`),
  )

  expect([...new Set(decided)].sort()).toEqual(all.sort())
})

test('each place decides every field of its type', () => {
  const gaps = places.flatMap(({ type, what, fields }) => {
    const named = new Set(Object.keys(fields).map(nameOf))
    const all =
      typesToDecide(app.schema)
        .find(({ name }) => name === type)
        ?.getFields() ?? {}
    return Object.keys(all)
      .filter((name) => !named.has(name))
      .map((name) => `${type} ${what}: ${name}`)
  })

  expect(gaps).toEqual([])
})

test('pages and payloads show nothing but what is in the table', () => {
  const decided = new Set([...places.map(({ type }) => type), ...Object.keys(shownByMutations)])

  expect(strayFields(app.schema, decided)).toEqual([])
})

describe.each(places.map((place) => [`${place.type}: ${place.what}`, place] as const))(
  '%s',
  (_name, place) => {
    test.each(askers.map((asker, column) => [asker, column] as const))(
      'shows %s what the table says',
      async (asker, column) => {
        const query = documentOf(app.schema, place)
        const ids = Object.entries(idsOf(school)).filter(([name]) => query.includes(`$${name}:`))
        const variables = Object.fromEntries(ids)
        const result = await app.query(query, { as: school.people[asker], variables })
        const calls = Object.keys(place.fields)
        const found = cellsOf(place, result).map((cell, index) => [calls[index], cell])
        const wanted = Object.entries(place.fields).map(([call, cells]) => [call, cells[column]])

        expect(result.status).toBe(200)
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
      },
    )
  },
)
