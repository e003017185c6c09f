import { type DocumentNode, parse, print } from 'graphql'
import { expect, test } from 'vitest'
import * as generated from '../../src/sdk/generated/graphql.ts'
import { printDocument } from '../../src/sdk/print-document.ts'

const documents: [string, DocumentNode][] = Object.entries(generated)

test.for(documents)('%s means the same as text', ([, document]) => {
  expect(print(parse(printDocument(document)))).toBe(print(document))
})

test('every construct of an executable document comes out as it went in', () => {
  const text = `
    query Q($a: [Int!]! = [1, -2.5e3] @d, $b: In = { x: "a \\"q\\" \\\\ \\n ü 🚀", y: null, z: [], w: {} }) @d(on: ONE) {
      alias: field(a: $a, b: { c: $b, d: [true, false, ENUM] }) @include(if: $a) @skip(if: false) { id }
      ...F @d
      ... on T @d { id }
      ... @include(if: true) { id }
      ... { text(of: """block "text" here""") }
    }
    fragment F on T @d { id }
    mutation { m }
    subscription S { s }`
  const printed = parse(printDocument(parse(text)))

  expect(print(printed)).toBe(print(parse(text.replace('"""block "text" here"""', inOneLine))))
})

/** A block string is printed as a plain one: it has the same value. */
const inOneLine = '"block \\"text\\" here"'
