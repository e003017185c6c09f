import { type GraphQLArgument, type GraphQLSchema, getNamedType, isInputObjectType } from 'graphql'

/** A request that means no good. Nobody must fall over it, and nothing must change. */
export interface HostileRequest {
  readonly name: string
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** @default nobody */
  readonly as?: 'student' | 'admin'
}

const attacks: Readonly<Record<string, string>> = {
  quote: `' OR '1'='1`,
  drop: `'; DROP TABLE "User"; --`,
  comment: `x/*`,
  dollar: `$1 $$ $a$`,
  backslash: `\\'; CALL sleep(60); --`,
  header: `a\r\nSet-Cookie: session=1\r\n\r\n<script>`,
  percent: `%%%___\\`,
  braces: `{"$ne": null}{{7*7}}\${7*7}`,
  unicode: `\u202e\u0000\ud800\ufeff\uffff😀`,
  long: 'x'.repeat(20_000),
  proto: `__proto__`,
}

/** Every hostile request there is for a schema; `ids` are real ones, to be forged from. */
export function createHostileRequests(
  schema: GraphQLSchema,
  ids: readonly string[],
): readonly HostileRequest[] {
  return [
    ...shapes(),
    ...introspections(),
    ...transports(),
    ...jsons(),
    ...tokens(),
    ...numbers(),
    ...cursorsAndIds(ids),
    ...injections(schema),
  ]
}

function ask(
  name: string,
  query: string,
  variables?: object,
  as?: HostileRequest['as'],
): HostileRequest {
  return {
    name,
    body: JSON.stringify({ query, ...(variables ? { variables } : {}) }),
    ...(as ? { as } : {}),
  }
}

function shapes(): readonly HostileRequest[] {
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index)).join(' ')
  const chain = (count: number) =>
    many(count, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)
  return [
    ...[1, 2, 3, 50].map((length) =>
      ask(
        `a circle of ${length} fragments`,
        `{ ...F0 } ${many(length, (n) => `fragment F${n} on Query { ...F${(n + 1) % length} }`)}`,
      ),
    ),
    ask(
      'a circle below a field',
      '{ viewer { ...A } } fragment A on User { enrollments { nodes { student { ...A } } } }',
    ),
    ask('a circle nobody spreads', '{ __typename } fragment A on Query { ...A }'),
    ...[5, 20, 60, 200].map((count) =>
      ask(
        `a bomb of ${count} fragments`,
        `{ ...F0 } ${chain(count)} fragment F${count} on Query { __typename }`,
      ),
    ),
    ...[100, 1_000, 10_000].map((count) =>
      ask(`${count} aliases`, `{ ${many(count, (n) => `a${n}: __typename`)} }`),
    ),
    ...[100, 900].map((count) =>
      ask(
        `${count} aliases of pages`,
        `{ ${many(count, (n) => `a${n}: courses(first: 100) { nodes { id } }`)} }`,
      ),
    ),
    ...[100, 1_000, 5_000].map((count) =>
      ask(`${count} times the same field`, `{ ${'__typename '.repeat(count)} }`),
    ),
    ask(
      'fields that overlap',
      `{ ${'viewer { enrollments { nodes { course { id } } } } '.repeat(150)} }`,
    ),
    ...[10, 500, 5_000].map((count) =>
      ask(`${count} directives`, `{ __typename ${'@skip(if: false) '.repeat(count)} }`),
    ),
    ask('unknown directives', `{ __typename ${many(900, (n) => `@d${n}`)} }`),
    ...[20, 100, 600, 50_000].map((depth) =>
      ask(
        `depth ${depth}`,
        `{ viewer ${'{ enrollments { nodes { student '.repeat(depth)} { id } ${'} } }'.repeat(depth)} }`,
      ),
    ),
    ...[100, 900, 50_000].map((depth) => ask(`braces ${depth} deep`, `{a`.repeat(depth))),
    ...[100, 900, 50_000].map((depth) =>
      ask(`a list ${depth} deep`, `{ nodes(ids: ${'['.repeat(depth)}) { id } }`),
    ),
    ...[100, 900].map((depth) =>
      ask(
        `an object ${depth} deep`,
        `{ courses(filter: ${'{a:'.repeat(depth)}1${'}'.repeat(depth)}) { totalCount } }`,
      ),
    ),
    ask(
      '100 pages in 100 pages',
      '{ courses(first: 100) { nodes { lessons(first: 100) { nodes { id } } } } }',
    ),
    ask(
      'pages through both doors',
      `{ courses(first: 100) { edges { node { enrollments(first: 100) { edges { node { student { enrollments(first: 100) { totalCount } } } } } } } } }`,
    ),
    ask('101 roots', `{ ${many(101, (n) => `r${n}: viewer { id }`)} }`),
    ask(
      'a mutation 50 times',
      `mutation { ${many(50, (n) => `m${n}: deleteUser(input: { id: "x" }) { deletedUserId }`)} }`,
    ),
    ask(
      '2,000 operations',
      many(2_000, (n) => `query Q${n} { __typename }`),
    ),
    ask('operations of one name', 'query A { __typename } query A { __typename }'),
    ask('a subscription', 'subscription { __typename }'),
    ask('a definition', 'type Query { a: Int } { __typename }'),
    ask('a comment of 200 KB', `{ __typename } #${'x'.repeat(200_000)}`),
    ask('a name of 30 KB', `{ ${'a'.repeat(30_000)} }`),
    ask('a string of 30 KB', `{ course(slug: "${'a'.repeat(30_000)}") { id } }`),
    ask('block strings', `{ course(slug: """${'"'.repeat(5)}\\""" """) { id } }`),
    ask('an unclosed string', `{ course(slug: "`),
    ask('500 variables', `query (${many(500, (n) => `$v${n}: Int`)}) { __typename }`),
    ask('a variable within itself', 'query ($a: Int = $a) { __typename }'),
  ]
}

function introspections(): readonly HostileRequest[] {
  const deep = (depth: number, inner: string): string =>
    depth === 0 ? 'name' : `name ${inner} { type { ${deep(depth - 1, inner)} } }`
  return [
    ...[1, 2, 3, 5, 9].map((depth) =>
      ask(`fields of types ${depth} deep`, `{ __schema { types { ${deep(depth, 'fields')} } } }`),
    ),
    ...[2, 5].map((depth) =>
      ask(`input fields ${depth} deep`, `{ __schema { types { ${deep(depth, 'inputFields')} } } }`),
    ),
    ask(
      'types of possible types',
      `{ __type(name: "Node") { possibleTypes { interfaces { possibleTypes { interfaces { possibleTypes { fields { name } } } } } } } }`,
    ),
    ask(
      'ofType 500 deep',
      `{ __type(name: "User") { ${'ofType { '.repeat(500)} name ${'}'.repeat(501)} }`,
    ),
    ask(
      'the schema 60 times',
      `{ ${Array.from({ length: 60 }, (_, n) => `s${n}: __schema { types { fields { args { name } } } }`).join(' ')} }`,
    ),
    ...['__proto__', 'constructor', '', '\u0000', "'"].map((name) =>
      ask(
        `the type ${JSON.stringify(name)}`,
        'query ($n: String!) { __type(name: $n) { name fields { name } } }',
        { n: name },
      ),
    ),
  ]
}

function transports(): readonly HostileRequest[] {
  const query = '{"query":"{ __typename }"}'
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/json; charset=utf-7',
    'application/json;charset=utf-16',
    'text/plain;application/json',
    'application/jsonp',
    ';',
    '',
  ]
  return [
    ...types.map((type) => ({
      name: `the content type "${type}"`,
      headers: { 'content-type': type },
      body: query,
    })),
    ...[
      'mutation { archiveCourse(input: { id: "x" }) { course { id } } }',
      'query A { __typename } mutation B { deleteUser(input: { id: "x" }) { deletedUserId } }',
    ].flatMap((text) =>
      ['A', 'B', ''].map(
        (operationName): HostileRequest => ({
          name: `GET ${text.slice(0, 12)} as "${operationName}"`,
          method: 'GET',
          path: `/graphql?${new URLSearchParams({ query: text, operationName })}`,
          headers: { 'x-requested-with': 'x' },
        }),
      ),
    ),
    ...[
      'variables={',
      'extensions=[',
      'query=%00',
      'query=%ff',
      'query',
      'query=a&query=b',
      'documentId=../../etc/passwd',
      `documentId=sha256:${'0'.repeat(64)}`,
    ].map(
      (text): HostileRequest => ({
        name: `GET ${text}`,
        method: 'GET',
        path: `/graphql?${text}`,
        headers: { 'x-requested-with': 'x' },
      }),
    ),
    ...[
      '/graphql/..%2f..%2fetc/passwd',
      '/graphql/',
      '/GRAPHQL',
      '//graphql',
      '/%00',
      '/dev/token?email=admin@loadline.dev',
      '/health/../graphql',
      '/.env',
      '/graphql;x=1',
    ].map((path): HostileRequest => ({ name: `the path ${path}`, method: 'GET', path })),
    { name: 'PUT', method: 'PUT', body: query },
    ...[
      '\u0001',
      'x'.repeat(6_000),
      '*/*;q=99',
      'text/html,application/xml',
      'application/json;q=-1',
    ].flatMap((accept) =>
      isHeader(accept)
        ? [{ name: `accept ${accept.slice(0, 20)}`, headers: { accept }, body: query }]
        : [],
    ),
    ...['gzip;q=0, *;q=0', 'br;q=nan', ','.repeat(500), '*'].map((encoding) => ({
      name: `encoding ${encoding.slice(0, 20)}`,
      headers: { 'accept-encoding': encoding },
      body: query,
    })),
    ...['x'.repeat(5_000), '<script>', 'a b', ['$', '{jndi:ldap://x}'].join('')].map((id) => ({
      name: `request id ${id.slice(0, 10)}`,
      headers: { 'x-request-id': id },
      body: query,
    })),
    ...['unknown', ','.repeat(3_000), '1.2.3.4, ::1', "'; --"].map((chain) => ({
      name: `forwarded for ${chain.slice(0, 10)}`,
      headers: { 'x-forwarded-for': chain },
      body: query,
    })),
  ]
}

function isHeader(value: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(value)
}

function jsons(): readonly HostileRequest[] {
  const texts: Readonly<Record<string, string>> = {
    'a batch': '[{"query":"{ __typename }"}]',
    'a batch of 1,000': `[${Array(1_000).fill('{"query":"{ __typename }"}').join()}]`,
    'an empty batch': '[]',
    'a batch in a batch': '[[{"query":"{ __typename }"}]]',
    'duplicate keys':
      '{"query":"{ __typename }","query":"mutation { deleteUser(input:{id:\\"x\\"}) { deletedUserId } }"}',
    'duplicate variables':
      '{"query":"query ($a: Int) { courses(first: $a) { totalCount } }","variables":{"a":1,"a":"x"}}',
    'a prototype': '{"query":"{ __typename }","variables":{"__proto__":{"polluted":true}}}',
    'a prototype beside': '{"query":"{ __typename }","__proto__":{"query":"x"}}',
    'a constructor':
      '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"polluted":true}}}}',
    'a prototype in an input':
      '{"query":"query ($f: CourseFilter) { courses(filter: $f) { totalCount } }","variables":{"f":{"__proto__":{"status":"DRAFT"}}}}',
    hasOwnProperty:
      '{"query":"query ($a: Int) { courses(first: $a) { totalCount } }","variables":{"hasOwnProperty":1,"a":1}}',
    'toString for a query': '{"query":{"toString":1}}',
    'a prototype for a query': '{"__proto__":{"query":"{ __typename }"}}',
    'an operation __proto__': '{"query":"{ __typename }","operationName":"__proto__"}',
    'variables in 50,000 lists': `{"query":"{ __typename }","variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    'variables in 20,000 objects': `{"query":"{ __typename }","variables":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
    '100,000 numbers': `{"query":"{ __typename }","variables":{"a":[${Array(100_000).fill(1).join()}]}}`,
    '20,000 keys': `{"query":"{ __typename }","variables":{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}}`,
    'a key of 200 KB': `{"query":"{ __typename }","variables":{"${'k'.repeat(200_000)}":1}}`,
    '300 KB': `{"query":"{ __typename }","variables":{"a":"${'x'.repeat(300_000)}"}}`,
    'a byte order mark': '\ufeff{"query":"{ __typename }"}',
    'a mark in the document': '{"query":"\\ufeff{ __typename }"}',
    'a right-to-left mark': '{"query":"{ \\u202e__typename }"}',
    'a homoglyph': '{"query":"{ ⅴiewer { id } }"}',
    'half a surrogate':
      '{"query":"query ($s: String) { courses(filter: { search: $s }) { totalCount } }","variables":{"s":"\\ud800"}}',
    'a surrogate in a document':
      '{"query":"{ courses(filter: { search: \\"\\\\ud800\\" }) { totalCount } }"}',
    'a code point beyond':
      '{"query":"{ courses(filter: { search: \\"\\\\u{110000}\\" }) { totalCount } }"}',
    'a NUL': '{"query":"{ courses(filter: { search: \\"\\\\u0000\\" }) { totalCount } }"}',
    'a NUL in the document': '{"query":"{ __typename \\u0000 }"}',
    NaN: '{"query":"{ __typename }","variables":{"a":NaN}}',
    'a number as a query': '{"query":1e999}',
    'extensions of text': '{"query":"{ __typename }","extensions":"x"}',
    'a persisted query of nothing': '{"extensions":{"persistedQuery":null}}',
    'a persisted query of a list': '{"extensions":{"persistedQuery":[1]}}',
    'a persisted query of a prototype':
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"__proto__"}}}',
    'a document id of a prototype': '{"documentId":"__proto__"}',
    'only blanks': '   ',
    'half of it': '{"query":"{ __type',
    'a string': '"{ __typename }"',
    true: 'true',
  }
  return Object.entries(texts).map(([name, body]) => ({ name, body }))
}

function tokens(): readonly HostileRequest[] {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sub = '00000000-0000-7000-8000-000000000000'
  const headers = [
    { alg: 'none' },
    { alg: 'NONE' },
    { alg: 'nOnE', typ: 'JWT' },
    { alg: 'HS512' },
    { alg: 'RS256' },
    { alg: '' },
    {},
    { alg: 'HS256', kid: "../../dev/null' OR 1=1" },
    { alg: 'HS256', jku: 'http://127.0.0.1:1/keys' },
    { alg: 'HS256', crit: ['exp'] },
    { alg: ['HS256'] },
    null,
  ]
  const forged = headers.flatMap((header) =>
    ['', 'AAAA'].map(
      (signature) => `${part(header)}.${part({ sub, exp: 9e9, role: 'ADMIN' })}.${signature}`,
    ),
  )
  const odd = [
    '',
    '.',
    '..',
    '...',
    'a.b.c',
    'null',
    `${'a'.repeat(6_000)}`,
    `${part({ alg: 'HS256' })}..`,
    '%00',
    '"',
    'e30.e30.e30',
    '=.=.=',
  ]
  return [...forged, ...odd].map((token, index) => ({
    name: `forged token ${index}`,
    headers: { authorization: `Bearer ${token}` },
    body: '{"query":"{ users { nodes { email } } }"}',
  }))
}

function numbers(): readonly HostileRequest[] {
  const values = [
    '-1',
    '101',
    '2147483647',
    '2147483648',
    '-2147483648',
    '9007199254740993',
    '1e3',
    '1e308',
    '-0',
    '0.5',
    '1e-400',
  ]
  return values.flatMap((value) => [
    {
      name: `first: ${value}`,
      body: JSON.stringify({ query: `{ courses(first: ${value}) { nodes { id } } }` }),
    },
    {
      name: `last by a variable: ${value}`,
      body: `{"query":"query ($n: Int) { courses(last: $n) { nodes { id } } }","variables":{"n":${value}}}`,
    },
  ])
}

function cursorsAndIds(ids: readonly string[]): readonly HostileRequest[] {
  const forge = (text: string) => Buffer.from(text).toString('base64url')
  const id = ids[0] ?? ''
  const texts = [
    ...[
      '',
      'null',
      '=',
      'A',
      'AAAA',
      '../../etc',
      '0',
      '-1',
      '😀',
      id.slice(1),
      `${id}A`,
      id.toLowerCase(),
      id.split('').reverse().join(''),
    ],
    ...[
      'User:',
      ':',
      'User',
      'User:1',
      'User:null',
      '__proto__:1',
      'constructor:1',
      'User:00000000-0000-0000-0000-000000000000',
      "User:' OR 1=1 --",
      'User:["a","b"]',
      'user:1',
      'User:\u0000',
      'Node:1',
      'Query:1',
      'CourseStats:1',
    ].map(forge),
    forge('["x",1]'),
    forge(JSON.stringify(Array(2_000).fill('x'))),
  ]
  const fields = [
    'courses(after: $v) { nodes { id } }',
    'courses(last: 2, before: $v) { nodes { id } }',
  ]
  return texts.flatMap((v, index) => [
    ...fields.map((field) =>
      ask(`cursor ${index}`, `query ($v: String) { ${field} }`, { v }, 'student'),
    ),
    ask(
      `id ${index}`,
      'query ($v: ID!) { node(id: $v) { id } course(id: $v) { id } user(id: $v) { email } conversation(id: $v) { title } }',
      { v },
      'student',
    ),
    ask(`ids ${index}`, 'query ($v: [ID!]!) { nodes(ids: $v) { id } }', { v: [v, v] }, 'student'),
  ])
}

/** Every argument of every root field that takes text, with every attack that does not change a row. */
function injections(schema: GraphQLSchema): readonly HostileRequest[] {
  const requests: HostileRequest[] = []
  const reads = Object.values(schema.getQueryType()?.getFields() ?? {})
  for (const field of reads) {
    for (const argument of field.args) {
      for (const [path, type] of textPaths(argument)) {
        for (const [attack, text] of Object.entries(attacks)) {
          const value = path.reduceRight<unknown>(
            (inner, key) => ({ [key]: inner }),
            type.startsWith('[') ? [text] : text,
          )
          const others = field.args
            .filter((other) => other !== argument && String(other.type).endsWith('!'))
            .map((other) => `${other.name}: "x"`)
          const selection = isLeaf(field.type) ? '' : '{ __typename }'
          requests.push(
            ask(
              `${attack} in ${field.name}(${argument.name}${path.join('.')})`,
              `query ($v: ${argument.type}) { ${field.name}(${[`${argument.name}: $v`, ...others].join(', ')}) ${selection} }`,
              { v: value },
              'admin',
            ),
          )
        }
      }
    }
  }
  // Nobody is signed in, so that not even a mutation that is well made may change anything.
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const input = field.args.find(({ name }) => name === 'input')
    if (!input) continue
    for (const [attack, text] of Object.entries(attacks)) {
      const value = Object.fromEntries(
        textPaths(input).flatMap(([path]) => (path.length === 1 ? [[path[0], text]] : [])),
      )
      requests.push(
        ask(
          `${attack} in ${field.name}`,
          `mutation ($v: ${input.type}) { ${field.name}(input: $v) { __typename } }`,
          { v: value },
        ),
      )
    }
  }
  return requests
}

function textPaths({
  type,
}: GraphQLArgument): readonly (readonly [path: readonly string[], type: string])[] {
  const named = getNamedType(type)
  if (isInputObjectType(named)) {
    return Object.values(named.getFields())
      .filter((field) => isText(getNamedType(field.type).name))
      .map((field) => [[field.name], String(field.type)] as const)
  }
  return isText(named.name) ? [[[], String(type)]] : []
}

function isText(name: string): boolean {
  return ['String', 'ID', 'DateTime'].includes(name)
}

function isLeaf(type: unknown): boolean {
  return !('getFields' in Object(getNamedType(type as GraphQLArgument['type'])))
}
