import { basename } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './source-files.ts'

export interface Architecture {
  /** For each folder of src, and each file beside them, what it may import. */
  readonly mayImport: Readonly<Record<string, Allowed>>
  /** Packages that belong to some places only. */
  readonly homes: Readonly<Record<string, readonly string[]>>
  readonly mayReadClock: readonly ClockException[]
  /** Paths of files that know nothing of the business. */
  readonly withoutBusiness: RegExp
  /** Words of the business, which such a file must not have anywhere. */
  readonly words: readonly string[]
  /** Words of the business that programs use for other things too: only a literal is refused. */
  readonly everydayWords: readonly string[]
  /** Paths of files that compute answers. */
  readonly answering: RegExp
}

export interface Allowed {
  readonly values: readonly string[]
  /** Only their types: the values are handed in. */
  readonly types?: readonly string[]
}

export interface ClockException {
  readonly file: RegExp
  readonly reads: RegExp
  readonly why: string
}

/** Each rule says every fault of a file in a sentence that a person can act on. */
export type Rule = (source: SourceFile) => readonly string[]

export function defineRules(architecture: Architecture) {
  return {
    imports: (source) => findWrongImports(source, architecture),
    packages: (source) => findStrayPackages(source, architecture),
    business: (source) => findBusiness(source, architecture),
    clocks: (source) => findClocks(source, architecture),
    names: findBadNames,
    any: findAny,
  } satisfies Record<string, Rule>
}

function findWrongImports(
  { path, imports }: SourceFile,
  { mayImport }: Architecture,
): readonly string[] {
  const place = placeOf(path)
  const { values, types = [] } = mayImport[place] ?? {}
  if (!values) {
    return [
      `${path}: "${place}" has no place on the path of a request. Move it to where it belongs, or give it a line in mayImport of test/architecture.test.ts`,
    ]
  }
  return imports.flatMap(({ from, isTypeOnly }) => {
    const target = isOfProject(from) ? placeOf(from) : null
    if (target === null || target === place || values.includes(target)) return []
    if (!types.includes(target)) {
      return [
        `${path} imports ${from}: ${place} may import ${list([...values, ...types])}. Be handed the value as an argument, or move what both need into one of these`,
      ]
    }
    if (isTypeOnly) return []
    return [
      `${path} imports ${from}: ${place} may know only its types. Use "import type", and be handed the value`,
    ]
  })
}

function findStrayPackages(
  { path, imports }: SourceFile,
  { homes }: Architecture,
): readonly string[] {
  return imports.flatMap(({ from }) => {
    const [name, places = []] =
      Object.entries(homes).find(([home]) => from === home || from.startsWith(`${home}/`)) ?? []
    if (!name || places.includes(placeOf(path))) return []
    return [`${path} imports ${name}, which belongs to src/${places.join(' and src/')}: ask there`]
  })
}

function findBusiness(
  { path, text, nodes }: SourceFile,
  { withoutBusiness, words, everydayWords }: Architecture,
): readonly string[] {
  if (!withoutBusiness.test(path)) return []
  const inText = (
    text.replace(/of course/gi, '').match(new RegExp(words.join('|'), 'gi')) ?? []
  ).map((word) => word.toLowerCase())
  const literals = nodes
    .filter((node) => ts.isStringLiteralLike(node))
    .map((literal) => literal.text)
    .filter((literal) => everydayWords.includes(literal))
  return [...new Set([...inText, ...literals])].map(
    (word) =>
      `${path} says "${word}", a word of the business: this file works for any Prisma schema, so let it be handed what it needs to know`,
  )
}

function findClocks(
  source: SourceFile,
  { answering, mayReadClock }: Architecture,
): readonly string[] {
  const { path } = source
  if (!answering.test(path)) return []
  const allowed = mayReadClock.filter(({ file }) => file.test(path))
  return clocksIn(source)
    .filter((clock) => !allowed.some(({ reads }) => reads.test(clock)))
    .map(
      (clock) =>
        `${path} reads ${clock}: an answer that depends on it would be kept for too long. Ask context.now, which ends the answer in time, or take the time as an argument of the field`,
    )
}

/** As `Date.now`, `new Date()`, `Math.random`, and in lower case what a text in SQL reads. */
export function clocksIn({ nodes }: SourceFile): readonly string[] {
  return nodes.flatMap((node) => {
    if (ts.isPropertyAccessExpression(node)) {
      return clocks.includes(node.getText()) ? [node.getText()] : []
    }
    if (ts.isNewExpression(node)) {
      const isNow = node.expression.getText() === 'Date' && !node.arguments?.length
      return isNow ? ['new Date()'] : []
    }
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText()
      return called === 'Date' ? ['Date()'] : (called.match(dice) ?? [])
    }
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)
    return isText ? sqlClocksIn(node.text) : []
  })
}

/** What reads the database's clock or its dice, as written in lower case. */
export function sqlClocksIn(sql: string): readonly string[] {
  return sql.toLowerCase().match(sqlClock) ?? []
}

const clocks: readonly string[] = [
  ...['Date.now', 'Math.random', 'performance.now', 'performance.timeOrigin'],
  ...['process.hrtime', 'process.uptime', 'Temporal.Now'],
]

const dice = /\b(?:random(?:Bytes|Int|UUID|FillSync|Fill)|getRandomValues)$/

const sqlClock =
  /\b(?:(?:now|random|random_normal|(?:clock|statement|transaction)_timestamp|timeofday|gen_random_uuid|uuid_generate_v[1-7]|uuidv[47])\(\)|current_(?:date|time|timestamp)\b|localtime(?:stamp)?\b)/g

/** What package.json exports: these list what is offered, whichever files have it. */
const entries = /^src\/(sdk\/sdk|library\/[\w-]+)\.ts$/

function findBadNames({ path, nodes }: SourceFile): readonly string[] {
  const parts = path
    .replace(/\.ts$/, '')
    .replace(/^test\/types\//, '')
    .split('/')
  return [
    ...parts
      .filter((part) => /^(utils?|helpers?|common|misc|shared|types)$/.test(part))
      .map((part) => `${path}: "${part}" names no idea. Call it after the one thing that is in it`),
    ...(basename(path) === 'index.ts'
      ? [`${path}: no index.ts. Import from the file that has the thing`]
      : []),
    ...(!entries.test(path) &&
    nodes.some((node) => ts.isExportDeclaration(node) && node.moduleSpecifier)
      ? [`${path} re-exports what another file has: import it from there`]
      : []),
  ]
}

function findAny({ path, text, nodes }: SourceFile): readonly string[] {
  const silenced = text.match(/@ts-(?:ignore|expect-error|nocheck)/g) ?? []
  return [
    ...silenced.map((comment) => `${path} has ${comment}: make the types true instead`),
    ...(nodes.some(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
      ? [`${path} has any: say what is known of the value, or unknown`]
      : []),
  ]
}

/** `sql` for `src/sql/page.ts`, `main.ts` for `src/main.ts`, `prisma` for `prisma/seed.ts`. */
function placeOf(path: string): string {
  const [folder = '', name = folder] = path.split('/')
  return folder === 'src' ? name : folder
}

function isOfProject(from: string): boolean {
  return /^(src|prisma|scripts|test|bench)\//.test(from)
}

function list(places: readonly string[]): string {
  return places.length === 0 ? 'nothing of the project' : `only ${places.join(', ')}`
}
