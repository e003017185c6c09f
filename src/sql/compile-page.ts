import { type Bind, compileBind } from './bind.ts'
import { compileCondition } from './compile-condition.ts'
import type { Condition } from './condition.ts'
import { type Datamodel, getColumn, type Model } from './datamodel.ts'
import { columnName, freePrefix } from './identifiers.ts'
import { type CompiledJoins, compileJoins, type Join } from './join.ts'
import { type KeysetTerm, type KeysetValue, orderBy, rangesAfter, reverseTerms } from './keyset.ts'
import { type CompiledTerm, compileComputedTerm, type OrderTerm, termType } from './order.ts'
import { arrayParameter, createSlots } from './slots.ts'

/** The list that a page is cut from: everything about it but the page. */
export interface ListShape {
  readonly model: Model
  /** Equal texts are equal statements, whatever the values. */
  readonly text: string
  readonly source: string
  readonly where: string
  readonly terms: readonly KeysetTerm[]
  readonly termTypes: readonly string[]
  /** The SQL of each computed term, by the name of its column in a page's base rows. */
  readonly computed: readonly ({ readonly name: string } & CompiledTerm)[]
  readonly keyTypes: readonly string[]
  readonly slotTypes: readonly string[]
}

/** How one item pages: items that agree on it share a branch of the statement. */
export interface Branch {
  readonly isBackward: boolean
  /** Which values of the cursor to start behind are NULL; null without such a cursor. */
  readonly start: readonly boolean[] | null
  /** The same for the cursor at which to end. */
  readonly end: readonly boolean[] | null
  /** Whether to look if anything lies on the near side of the start. */
  readonly looksBack: boolean
}

/** What a page's rows carry besides the model's columns. */
export interface PageColumns {
  readonly columns: readonly string[]
  readonly joins: readonly Join[]
  /** The order values, from which cursors are made. */
  readonly withOrder: boolean
  /** Each row's place by the first order term, equals sharing one. */
  readonly withRank: boolean
}

/** A list of `model`, under a relation's key or of the whole table, with the slots' values beside. */
export function compileList(options: {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly bind: Bind
  readonly condition: Condition
  readonly order: readonly OrderTerm[]
}): { readonly shape: ListShape; readonly values: readonly unknown[] } {
  const { datamodel, model, condition, order } = options
  const slots = createSlots('p')
  const free = freePrefix(model)
  const isWholeTable = options.bind === null
  const scope = { datamodel, model, alias: 't', slots, isWholeTable }
  const bind = compileBind(datamodel, options.bind, model)
  const where = compileCondition(condition, scope)
  const computed: ({ readonly name: string } & CompiledTerm)[] = []
  const terms = order.map((term): KeysetTerm => {
    if (term.kind === 'column') {
      const { direction, nulls } = term
      const { isNullable } = getColumn(model, term.column)
      return { sql: columnName('t', model, term.column), direction, nulls, isNullable }
    }
    const name = `${free}o${computed.length + 1}`
    computed.push({ name, ...compileComputedTerm(term, computed.length + 1, scope) })
    return { sql: `t.${name}`, direction: term.direction, nulls: 'last', isNullable: false }
  })
  const conditions = [bind.on, where].filter((part) => part !== 'TRUE' && part !== '')
  const shape = {
    model,
    source: `${bind.from}${computed.map(({ join }) => join).join('')}`,
    where: conditions.join(' AND '),
    terms,
    termTypes: order.map((term) => termType(datamodel, model, term).sqlType),
    computed,
    keyTypes: bind.keyTypes,
    slotTypes: slots.types,
  }
  return { shape: { ...shape, text: shapeText(shape) }, values: slots.values }
}

/**
 * One statement for any number of parents and pages: each branch reads its items from arrays, and a
 * page of each by LATERAL ... LIMIT, so that PostgreSQL reads no more than `limit` rows an item.
 * Rows come out item by item in page order, because a LATERAL subquery is always a nested loop.
 * Select list: item, [looksBack, is row], [rank], [order values], columns, columns of joins.
 */
export function compilePage(
  datamodel: Datamodel,
  shape: ListShape,
  branches: readonly Branch[],
  columns: PageColumns,
): string {
  let parameters = 0
  const withPeek = branches.some((branch) => branch.looksBack)
  const joins = compileJoins(datamodel, shape.model, 'r', columns.joins)
  const selects = branches.map((branch) => {
    const types = branchTypes(shape, branch)
    const arrays = types.map(({ type }) => {
      parameters += 1
      return arrayParameter(parameters, type)
    })
    const names = types.map(({ name }) => name).join(', ')
    const items = `unnest(${arrays.join(', ')}) AS k(${names})`
    return compileBranch(shape, branch, columns, { items, joins, withPeek })
  })
  return selects.length === 1
    ? selects.join('')
    : selects.map((text) => `(${text})`).join(' UNION ALL ')
}

/** The arrays that a branch reads, in the order of its parameters. */
export function branchTypes(
  shape: ListShape,
  branch: Branch,
): readonly { readonly name: string; readonly type: string }[] {
  const named = (prefix: string, types: readonly string[]) =>
    types.map((type, index) => ({ name: `${prefix}${index + 1}`, type }))
  return [
    { name: 'i', type: 'int4' },
    { name: 'n', type: 'int4' },
    ...named('k', shape.keyTypes),
    ...named('p', shape.slotTypes),
    ...(branch.start ? named('a', shape.termTypes) : []),
    ...(branch.end ? named('b', shape.termTypes) : []),
  ]
}

interface BranchSource {
  /** The FROM item of the branch's items. */
  readonly items: string
  readonly joins: CompiledJoins
  readonly withPeek: boolean
}

function compileBranch(
  shape: ListShape,
  branch: Branch,
  { columns, withOrder, withRank }: PageColumns,
  { items, joins, withPeek }: BranchSource,
): string {
  const { model, terms } = shape
  const free = freePrefix(model)
  const rank = `${free}rank`
  const computed = [
    ...(withRank ? [{ sql: `t.${rank}`, alias: rank }] : []),
    ...(withOrder ? terms.map(({ sql }, index) => ({ sql, alias: `${free}c${index + 1}` })) : []),
  ]
  const list = [
    ...computed.map(({ sql, alias }) => `${sql} AS ${alias}`),
    ...columns.map((name) => columnName('t', model, name)),
  ].join(', ')
  const outer = [
    ...computed.map(({ alias }) => `r.${alias}`),
    ...columns.map((name) => columnName('r', model, name)),
    ...joins.list,
  ]
  const page = compilePageRows(shape, branch, list, withRank)
  if (!withPeek) {
    const head = ['k.i', ...outer].join(', ')
    return `SELECT ${head} FROM ${items} CROSS JOIN LATERAL (${page}) r${joins.from}`
  }
  const peek = branch.looksBack ? compilePeek(shape, branch) : 'FALSE'
  const head = ['k.i', peek, `r.${free}is_row`, ...outer].join(', ')
  const marked = page.replace('SELECT ', `SELECT TRUE AS ${free}is_row, `)
  return `SELECT ${head} FROM ${items} LEFT JOIN LATERAL (${marked}) r ON TRUE${joins.from}`
}

function compilePageRows(
  shape: ListShape,
  branch: Branch,
  list: string,
  withRank: boolean,
): string {
  const terms = branch.isBackward ? reverseTerms(shape.terms) : shape.terms
  const start = branch.start ? rangesAfter(terms, values('a', branch.start)) : ['']
  const end = branch.end
    ? [anyRange(rangesAfter(reverseTerms(terms), values('b', branch.end)))]
    : []
  const order = orderBy(terms)
  const [only = 'FALSE'] = start // behind the last place that there can be
  if (start.length <= 1) {
    return selectRows(shape, list, [only, ...end], order, withRank)
  }
  // Each range is sought by itself and gives at most a page; then the page is cut from their union.
  const aliases = terms.map((_, index) => `${freePrefix(shape.model)}s${index + 1}`)
  const withTerms = `${list}, ${terms.map(({ sql }, index) => `${sql} AS ${aliases[index]}`).join(', ')}`
  const parts = start.map(
    (range) => `(${selectRows(shape, withTerms, [range, ...end], order, withRank)})`,
  )
  const outerOrder = orderBy(terms.map((term, index) => ({ ...term, sql: aliases[index] ?? '' })))
  return `SELECT * FROM (${parts.join(' UNION ALL ')}) u ORDER BY ${outerOrder} LIMIT k.n`
}

function selectRows(
  shape: ListShape,
  list: string,
  conditions: readonly string[],
  order: string,
  withRank: boolean,
): string {
  const { base, where } = baseRows(shape, withRank)
  const all = [where, ...conditions].filter((part) => part !== '')
  const filter = all.length > 0 ? ` WHERE ${all.join(' AND ')}` : ''
  return `SELECT ${list} FROM ${base}${filter} ORDER BY ${order} LIMIT k.n`
}

/** Computed terms are worked out below the paging, where a cursor can be compared with them. */
function baseRows(shape: ListShape, withRank: boolean): { base: string; where: string } {
  if (shape.computed.length === 0 && !withRank) return { base: shape.source, where: shape.where }
  const computed = shape.computed.map(({ name, sql }) => `, ${sql} AS ${name}`).join('')
  const inner = `SELECT t.*${computed} FROM ${shape.source}${shape.where === '' ? '' : ` WHERE ${shape.where}`}`
  const [first] = shape.terms
  if (!withRank || !first) return { base: `(${inner}) t`, where: '' }
  return {
    base: `(SELECT t.*, rank() OVER (ORDER BY ${orderBy([first])})::int4 AS ${freePrefix(shape.model)}rank FROM (${inner}) t) t`,
    where: '',
  }
}

/** Whether a row lies at or before the start: what `hasPreviousPage` says of a forward page. */
function compilePeek(shape: ListShape, branch: Branch): string {
  const terms = branch.isBackward ? reverseTerms(shape.terms) : shape.terms
  const starts = values('a', branch.start ?? [])
  const before = rangesAfter(reverseTerms(terms), starts)
  const same = terms.map((term, index) => {
    const value = starts[index]
    return value?.isNull ? `${term.sql} IS NULL` : `${term.sql} = ${value?.sql}`
  })
  const { base, where } = baseRows(shape, false)
  const tests = [...before, same.join(' AND ')].map(
    (range) =>
      `EXISTS (SELECT 1 FROM ${base} WHERE ${[where, range].filter(Boolean).join(' AND ')})`,
  )
  return `(${tests.join(' OR ')})`
}

function anyRange(ranges: readonly string[]): string {
  return ranges.length === 0 ? 'FALSE' : `(${ranges.map((range) => `(${range})`).join(' OR ')})`
}

function values(prefix: string, nulls: readonly boolean[]): readonly KeysetValue[] {
  return nulls.map((isNull, index) => ({ sql: `k.${prefix}${index + 1}`, isNull }))
}

function shapeText(shape: Omit<ListShape, 'text' | 'model'> & { readonly model: Model }): string {
  const computed = shape.computed.map(({ sql }) => sql).join(',')
  return ['page', shape.source, shape.where, orderBy(shape.terms), computed].join('|')
}
