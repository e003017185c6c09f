export interface ExecutionCase {
  readonly document: string
  /** Each is run; none at all by default. */
  readonly variables?: readonly Readonly<Record<string, unknown>>[]
  readonly operationName?: string
  /** Whether the plugin compiles the document, and each run of it ends without errors. */
  readonly isCompiled: boolean
}

const compiled = (
  document: string,
  variables?: ExecutionCase['variables'],
  operationName?: string,
): ExecutionCase => create(document, variables, operationName, true)

const interpreted = (
  document: string,
  variables?: ExecutionCase['variables'],
  operationName?: string,
): ExecutionCase => create(document, variables, operationName, false)

function create(
  document: string,
  variables: ExecutionCase['variables'],
  operationName: string | undefined,
  isCompiled: boolean,
): ExecutionCase {
  return {
    document,
    isCompiled,
    ...(variables ? { variables } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  }
}

const both = '$a: Boolean!, $b: Boolean!'
const allBooleans = [true, false].flatMap((a) => [true, false].map((b) => ({ a, b })))

/** What graphql-jit must answer as the interpreter does, and what it must not be given. */
export const executionCases: Readonly<Record<string, ExecutionCase>> = {
  // Fields, aliases, fragments, abstract types
  'scalars, lists and enums': compiled(
    '{ person { name age email color born tags } nobody { name } }',
  ),
  'the same field under several names': compiled(
    '{ person { a: echo(text: "1") b: echo(text: "2") name n: name } other: person { name } }',
  ),
  'fields that are asked for twice': compiled(
    '{ person { name friends { name } } person { age friends { ... on Person { age } } } }',
  ),
  'fragments within fragments': compiled(
    '{ person { ...A } required { ...B } } fragment A on Person { ...B friend { ...B } } fragment B on Person { name ...C } fragment C on Named { name __typename }',
  ),
  'a fragment on an interface over a union': compiled(
    '{ things { __typename ... on Named { name } ... on Living { age } ... on Place { city tags } } }',
  ),
  'an interface of an interface': compiled(
    '{ living { __typename name age ... on Person { email } } }',
  ),
  'the type alone': compiled(
    '{ __typename t: __typename things { t: __typename } named { __typename } }',
  ),
  'one alias for different fields of different types': compiled(
    '{ things { ... on Person { label: email } ... on Robot { label: model } ... on Place { label: city } } }',
  ),
  'lists of lists': compiled('{ person { pairs { name } } }'),
  'deep nesting': compiled(
    '{ person { friend { friend { friends(first: 2) { ... on Person { friend { friends { name } } } } } } } }',
  ),
  'names of JavaScript': compiled(
    '{ person { constructor: name toString: age hasOwnProperty: email class: name } }',
  ),
  'an alias that is a setter': interpreted('{ person { __proto__: name age } }'),
  'aliases with underscores, which could be taken for paths': interpreted(
    '{ friend_person: required { friends { name } } person { friend { name } } }',
  ),
  'a type that its value decides': interpreted('{ stone { weight } }'),
  'a type that its value refuses': interpreted('{ falseStone { weight } }'),
  'a type that is none': interpreted('{ unknownType { name } }'),
  introspection: interpreted('{ __type(name: "Person") { name fields { name type { kind } } } }'),
  'introspection under another name': interpreted('{ s: __schema { queryType { name } } }'),

  // Conditions
  '@include and @skip by variables': compiled(
    `query (${both}) { person { name @include(if: $a) age @skip(if: $b) } }`,
    allBooleans,
  ),
  '@include and @skip on one field': compiled(
    `query (${both}) { person { name age @include(if: $a) @skip(if: $b) } }`,
    allBooleans,
  ),
  'a condition within a condition': compiled(
    `query (${both}) { person @include(if: $a) { name ... @skip(if: $b) { age friend @include(if: $b) { name } } } }`,
    allBooleans,
  ),
  'a fragment that is spread with and without a condition': compiled(
    `query (${both}) { person { ...F @include(if: $a) ...F @include(if: $b) } other: person { ...F } } fragment F on Person { name age }`,
    allBooleans,
  ),
  'a field twice under different conditions': compiled(
    `query (${both}) { person { friend @include(if: $a) { name } friend @skip(if: $b) { age } } }`,
    allBooleans,
  ),
  'conditions that leave nothing': compiled(
    `query (${both}) { person { name @include(if: $a) } named @include(if: $b) { name } }`,
    allBooleans,
  ),
  'conditions on an abstract type': compiled(
    `query (${both}) { things { ... on Person @include(if: $a) { name } ... on Named { name @skip(if: $b) __typename } } }`,
    allBooleans,
  ),
  'conditions that are written out': compiled(
    '{ person { name @include(if: true) age @skip(if: true) email @include(if: false) } }',
  ),
  'a condition with a default': compiled(
    'query ($a: Boolean = true) { person { name @include(if: $a) age @skip(if: $a) } }',
    [{}, { a: true }, { a: false }],
  ),
  'a condition that is null': interpreted(
    'query ($a: Boolean = true) { person { name @include(if: $a) age } }',
    [{ a: null }],
  ),
  'a condition that is no boolean': interpreted(
    'query ($a: Boolean!) { person { name @include(if: $a) age } }',
    [{ a: 'yes' }, { a: 1 }, {}, { a: null }],
  ),
  'conditions of another operation': compiled(
    'query A { person { ...F } } query B ($a: Boolean!) { person { ...F @include(if: $a) } } fragment F on Person { name }',
    [{}],
    'A',
  ),
  'an operation of several': compiled(
    'query A { person { name } } query B ($x: Int) { args(int: $x) }',
    [{ x: 1 }],
    'B',
  ),
  'an operation that is not there': interpreted('query A { person { name } }', [{}], 'B'),
  'several operations without a name': interpreted(
    'query A { person { name } } query B { __typename }',
  ),

  // Arguments and variables
  'literals of every type': compiled(
    '{ args(int: 2147483647, float: 1.5e3, string: "\\u00e9\\n\\"", boolean: false, id: 12, color: RED, year: "1999", ids: ["a", 1], matrix: [[1, null], null, 2], filter: { text: null, color: GREEN, years: "2001", ranges: [{ from: 0 }] }) }',
  ),
  'nulls and defaults': compiled(
    '{ args(int: null, withDefault: null, filter: null) other: args }',
  ),
  'an integer for a float': compiled('{ args(float: 3) }'),
  'a float that is too large to be one': interpreted('{ args(float: 1e999) }'),
  'a value of its own class': interpreted('{ at(at: "2026-01-02T03:04:05Z") }'),
  'a value of its own class in a variable': compiled('query ($at: Instant) { at(at: $at) }', [
    { at: '2026-01-02T03:04:05Z' },
    {},
    { at: null },
  ]),
  'variables of every type': compiled(
    'query ($int: Int, $float: Float, $string: String, $boolean: Boolean, $id: ID, $color: Color, $year: Year, $ids: [ID!], $matrix: [[Int]], $filter: Filter, $withDefault: Int) { args(int: $int, float: $float, string: $string, boolean: $boolean, id: $id, color: $color, year: $year, ids: $ids, matrix: $matrix, filter: $filter, withDefault: $withDefault) }',
    [
      {},
      { int: 1, float: 2, string: 'x', boolean: true, id: 'i', color: 'BLUE', year: '2020' },
      { int: null, float: null, string: null, boolean: null, id: null, color: null, year: null },
      { int: -2147483648, float: 1e308, string: '', boolean: false, id: 7, color: 'RED' },
      { int: 5, float: -0.5, id: '', ids: ['a', 2], matrix: [[1, null], null, []] },
      { ids: 'one', matrix: 3, filter: {} },
      { ids: [], matrix: [], filter: { text: 'x', ranges: { from: 1, to: null } } },
      { ids: null, filter: { years: ['1999', null], color: 'GREEN' } },
      { withDefault: 9, unknown: 'variables are no fault' },
      { withDefault: null },
    ],
  ),
  'variables of the wrong type': interpreted(
    'query ($int: Int, $float: Float, $string: String, $boolean: Boolean, $id: ID, $color: Color, $year: Year, $ids: [ID!], $filter: Filter) { args(int: $int, float: $float, string: $string, boolean: $boolean, id: $id, color: $color, year: $year, ids: $ids, filter: $filter) }',
    [
      { int: '1' },
      { int: 1.5 },
      { int: 2147483648 },
      { float: '1' },
      { string: 1 },
      { boolean: 'true' },
      { boolean: 0 },
      { id: 1.5 },
      { id: {} },
      { color: 'PINK' },
      { color: 0 },
      { year: '99' },
      { year: {} },
      { ids: [null] },
      { ids: { a: 1 } },
      { filter: 'text' },
      { filter: [], ids: [1.5] },
      { filter: { nothing: 1 } },
      { filter: { least: 'x', color: 'PINK', years: ['1'] } },
      { filter: { ranges: [{ to: 1 }, null] } },
      { filter: { ranges: [{ from: 1, too: 2 }] } },
      { int: 'x', float: 'y', string: 3 },
    ],
  ),
  'defaults of variables': compiled(
    'query ($int: Int = 4, $color: Color = GREEN, $ids: [ID!] = "a", $filter: Filter = { text: "t" }, $year: Year = "1984") { args(int: $int, color: $color, ids: $ids, filter: $filter, year: $year) }',
    [{}, { int: 5 }, { int: null, color: null, filter: null }, { filter: { least: 2 } }],
  ),
  'the default of a variable that must not be null': compiled(
    'query ($int: Int! = 4) { args(int: $int) }',
    [{}, { int: 5 }],
  ),
  'null for a variable with a default that must not be null': interpreted(
    'query ($int: Int! = 4) { args(int: $int) }',
    [{ int: null }],
  ),
  'a required variable that is missing': interpreted('query ($int: Int!) { args(int: $int) }', [
    {},
    { int: null },
  ]),
  'a nullable variable for an argument with a default': compiled(
    'query ($int: Int) { args(withDefault: $int, required: $int) }',
    [{}, { int: 6 }],
  ),
  'null for an argument that must not be null': interpreted(
    'query ($int: Int) { args(required: $int) person { echo(times: $int) name } }',
    [{ int: null }],
  ),
  'variables in an object literal': interpreted(
    'query ($text: String, $least: Int) { args(filter: { text: $text, least: $least }) }',
    [{}, { text: null }, { text: 'x', least: 2 }],
  ),
  'variables in a list literal': interpreted(
    'query ($id: ID!, $int: Int) { args(ids: [$id], matrix: [[$int, 1], [$int]]) }',
    [{ id: 1 }, { id: 'a', int: 2 }, { id: 'a', int: null }],
  ),
  'an input of exactly one field': interpreted('query ($by: By) { by(by: $by) }', [
    { by: { id: '1' } },
    { by: {} },
    { by: { id: '1', name: 'x' } },
    { by: { id: null } },
  ]),
  'an input that holds its like, from which graphql-jit would never return': interpreted(
    'query ($tree: Tree) { tree(tree: $tree) }',
    [{ tree: { and: [{ text: 'a' }, null] } }, { tree: { and: { or: [] } } }],
  ),
  'an input field with a default that must not be null': interpreted(
    'query ($strict: Strict) { strict(strict: $strict) }',
    [{}, { strict: {} }, { strict: { must: false } }, { strict: { must: null } }],
  ),
  'a literal that holds its like': compiled('{ tree(tree: { and: [{ text: "a" }, null] }) }'),
  'more fields than are worth compiling': interpreted(
    `{ person { ...F0 } } ${Array.from({ length: 11 }, (_, n) => `fragment F${n} on Person { a${n}: friend { ...F${n + 1} } b${n}: friend { ...F${n + 1} } }`).join(' ')} fragment F11 on Person { name }`,
  ),
  'a literal of exactly one field': compiled('{ by(by: { id: "1" }) }'),

  // Errors
  'a field that throws, and one that rejects': interpreted(
    '{ person { name throws rejects rejectsLate } throws rejects }',
  ),
  'errors under aliases, twice': interpreted('{ person { a: throws b: throws c: rejects name } }'),
  'what is no error, thrown': interpreted('{ person { throwsText returnsError name } }'),
  'null where there must be something': interpreted(
    '{ person { name mustBeThere } named { name } }',
  ),
  'null up to the root': interpreted('{ required { name mustBeThere } named { name } }'),
  'null in a list of abstract types': interpreted(
    '{ named { name ... on Person { mustBeThere } ... on Robot { model } } things { ... on Robot { mustNotReject } } }',
  ),
  'null late, deep down': interpreted(
    '{ person { friend { friend { name mustBeThereLate } } friends { ... on Robot { mustNotReject } } } }',
  ),
  'results that do not fit their type': interpreted(
    '{ person { notAnInt notAColor notANumber notAList name } }',
  ),
  'list items that fail': interpreted('{ person { someFail noneMayFail } }'),
  'an object that rejects': interpreted('{ gone { name friend { name } } person { name } }'),
  'errors of a field that is asked for twice': interpreted(
    '{ person { rejects } person { rejects name } }',
  ),
}
