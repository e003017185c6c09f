import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import {
  compareWithRelease,
  findUndatedDeprecations,
} from '../../scripts/schema-contract/compare-with-release.ts'

const released = buildSchema(`
  type Query { course(id: ID!): Course  old: Int @deprecated(reason: "Use course. Goes 2027-01-31.") }
  type Course { title: String!  status: Status! }
  enum Status { ACTIVE DRAFT }`)
const documents = [
  'query Page { course(id: "1") { title } }',
  'query State { course(id: "1") { status } }',
]

function faults(schema: string, today = '2027-01-30'): readonly string[] {
  return compareWithRelease({ schema: released, documents }, buildSchema(schema), today)
}

const old = 'old: Int @deprecated(reason: "Use course. Goes 2027-01-31.")'

describe('the schema as a contract', () => {
  test('may grow', () => {
    expect(
      faults(`type Query { course(id: ID!, at: Int): Course more: Int ${old} }
        type Course { title: String! status: Status! rating: Float } enum Status { ACTIVE DRAFT PAUSED }`),
    ).toEqual([])
  })

  test('loses nothing, and says which operations would', () => {
    expect(
      faults(`type Query { course(id: ID!): Course ${old} }
        type Course { name: String! status: Status! } enum Status { ACTIVE DRAFT }`),
    ).toEqual([
      'Course.title was removed.',
      'Operation Page breaks: Cannot query field "title" on type "Course".',
    ])
  })

  test('never gives null where it gave none, nor asks for more', () => {
    expect(
      faults(`type Query { course(id: ID!, in: ID!): Course ${old} }
        type Course { title: String status: Status! } enum Status { ACTIVE DRAFT }`),
    ).toEqual([
      'A required arg in on Query.course was added.',
      'Course.title changed type from String! to String.',
      expect.stringContaining('Operation Page breaks: Field "course" argument "in"'),
      expect.stringContaining('Operation State breaks: Field "course" argument "in"'),
    ])
  })

  test('lets go what was deprecated, from the day on that was named', () => {
    const without = `type Query { course(id: ID!): Course }
      type Course { title: String! status: Status! } enum Status { ACTIVE DRAFT }`

    expect(faults(without, '2027-01-30')).toEqual(['Query.old was removed.'])
    expect(faults(without, '2027-01-31')).toEqual([])
  })

  test('names a day for whatever is deprecated', () => {
    expect(findUndatedDeprecations(released)).toEqual([])
    expect(
      findUndatedDeprecations(buildSchema('type Query { a: Int @deprecated(reason: "Use b.") }')),
    ).toEqual([
      'Query.a is deprecated without the day from which it may go, like 2027-06-30: "Use b."',
    ])
  })
})
