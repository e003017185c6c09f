import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import {
  type CachedApp,
  type CachedPlace,
  forEachStore,
  openCachedPlace,
} from '../support/start-cached-apps.ts'

type Person = { readonly id: string }

forEachStore((kind) => {
  let place: CachedPlace
  let app: CachedApp
  let people: Record<'student' | 'other' | 'teacher' | 'admin' | 'otherAdmin', Person>
  let course: { readonly id: string }

  beforeAll(async () => {
    place = await openCachedPlace(kind)
    app = await place.start()
    const { rows } = app
    people = {
      student: await rows.user(),
      other: await rows.user(),
      teacher: await rows.teacher(),
      admin: await rows.admin(),
      otherAdmin: await rows.admin(),
    }
    course = await rows.course({ teacherId: people.teacher.id })
    await rows.lesson({ courseId: course.id })
    await place.untilDrained()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  /** Who misses and who hits, one after the other. */
  async function outcomesFor(document: string, viewers: readonly (Person | null)[]) {
    const outcomes: string[] = []
    for (const as of viewers) {
      const { cache, errors } = await app.ask(document, { as })
      expect(errors).toBeUndefined()
      outcomes.push(`${cache.outcome} ${cache.scope}`)
    }
    return outcomes
  }

  test('what asked nothing of its viewer is everybody’s', async () => {
    const { student, admin } = people
    const document = `{ course(id: "${globalId('Course', course.id)}") { title } }`

    expect(await outcomesFor(document, [student, student, admin, null])).toEqual([
      'miss public',
      'hit public',
      'hit public',
      'hit public',
    ])
  })

  test('what asked for the role is shared by that role alone', async () => {
    const { student, admin, otherAdmin } = people
    const draft = await app.rows.course({ status: 'DRAFT' })
    await place.untilDrained()
    const document = `{ course(id: "${globalId('Course', draft.id)}") { title } }`
    const viewers = [admin, otherAdmin, null, null, student, otherAdmin]

    expect(await outcomesFor(document, viewers)).toEqual([
      ...['miss role', 'hit role', 'miss role', 'hit role', 'miss own', 'hit role'],
    ])
    expect((await app.ask(document)).data).toEqual({ course: null })
  })

  test('nobody is a role too: an answer for the signed in is not theirs, nor the other way round', async () => {
    const { student } = people
    const document = '{ viewer { name } }'

    expect(await outcomesFor(document, [null, student, null, student])).toEqual([
      ...['miss role', 'miss own', 'hit role', 'hit own'],
    ])
    expect((await app.ask(document)).data).toEqual({ viewer: null })
  })

  test('two viewers never share what asked who they are', async () => {
    const { student, other, teacher } = people
    const document = '{ viewer { id name email } }'

    for (const as of [student, other, teacher, student, other, teacher]) {
      const { data } = await app.ask(document, { as })
      expect(data.viewer.id).toBe(globalId('User', as.id))
    }
    expect((await app.ask(document, { as: student })).cache.outcome).toBe('hit')
  })

  test('an alias hides nothing: what is the viewer’s is the viewer’s under any name', async () => {
    const { student, other } = people
    const document =
      '{ x: viewer { y: id z: profile { w: bio } } course: viewer { title: id nodes: email } }'

    for (const as of [student, other, student, other]) {
      const { data } = await app.ask(document, { as })
      expect([data.x.y, data.course.title]).toEqual(Array(2).fill(globalId('User', as.id)))
    }
  })

  test.for(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'data', 'then', '_'])(
    'an answer with "%s" in it comes out of the store as it went in',
    async (name) => {
      const document = `query ${name} { ${name}: course(id: "${globalId('Course', course.id)}") { ${name}: title } }`
      const texts: string[] = []
      for (let i = 0; i < 2; i += 1) {
        const response = await app.fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: document }),
        })
        texts.push(await response.text())
        // Only so that it is certain to be stored.
        await app.ask(document)
      }

      expect(texts[0]).toMatch(`{"data":{"${name}":{"${name}":"Course `)
      expect(texts[1]).toBe(texts[0])
      expect((await app.ask(document)).cache.outcome).toBe('hit')
    },
  )

  describe('of two questions that', () => {
    const document = `query One($first: Int) {
      courses(first: $first, filter: { status: ACTIVE }) { nodes { id } }
    }
    query Two { courses(first: 2, filter: { status: ACTIVE }) { nodes { title } } }`

    /** Variables as text, because JSON can say what a test's values cannot. */
    async function ask(variables: string, operationName = 'One') {
      const question = `"query":${JSON.stringify(document)},"operationName":"${operationName}"`
      const response = await app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'loadline-explain': '1' },
        body: `{${question},"variables":${variables}}`,
      })
      const { extensions } = await response.json()
      return extensions.loadline.cache.outcome
    }

    test.for<[what: string, one: string, two: string]>([
      ['have their variables in another order', '{"first":3,"x":[1]}', '{"x":[1],"first":3}'],
      ['have them by another notation', '{"first":4,"x":1.5}', '{"first":4.0,"x":15e-1}'],
    ])('%s, one answers the other', async ([, one, two]) => {
      await ask(one)

      expect(await ask(two)).toBe('hit')
    })

    test.for<[what: string, one: string, two: string]>([
      ['differ in a value', '{"first":5}', '{"first":6}'],
      ['differ in null and nothing', '{"first":7}', '{"first":7,"x":null}'],
      ['differ in the sign of zero', '{"first":8,"x":0}', '{"first":8,"x":-0}'],
      ['differ in the order of a list', '{"first":9,"x":[1,2]}', '{"first":9,"x":[2,1]}'],
      ['differ in what a list holds', '{"first":10,"x":["a,b"]}', '{"first":10,"x":["a","b"]}'],
      ['differ in a number and its text', '{"first":11,"x":1}', '{"first":11,"x":"1"}'],
      ['differ under __proto__', '{"first":12,"__proto__":1}', '{"first":12,"__proto__":2}'],
      ['differ far inside', '{"first":13,"x":{"y":[{"z":1}]}}', '{"first":13,"x":{"y":[{"z":2}]}}'],
    ])('%s, each has its own answer', async ([, one, two]) => {
      expect([await ask(one), await ask(two)]).toEqual(['miss', 'miss'])

      expect([await ask(one), await ask(two)]).toEqual(['hit', 'hit'])
    })

    test('name two operations of a document, each has its own answer', async () => {
      const outcomes = []
      for (const name of ['One', 'Two', 'One', 'Two']) outcomes.push(await ask('{}', name))

      expect(outcomes).toEqual(['miss', 'miss', 'hit', 'hit'])
    })
  })

  test('variables nested deeper than the stack are a question like any other', async () => {
    const depth = 20_000
    const body = `{"query":"{ __typename }","variables":{"deep":${'['.repeat(depth)}${']'.repeat(depth)}}}`
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })

    // What may be in a request is for other rules to say.
    expect(response.status).toBeLessThan(500)
  })
})
