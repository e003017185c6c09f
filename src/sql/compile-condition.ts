import type { Comparison, Condition } from './condition.ts'
import {
  type Column,
  type Datamodel,
  getColumn,
  getModel,
  getRelation,
  type Model,
} from './datamodel.ts'
import { encodeValue } from './encode.ts'
import { castType, columnName, literal, tableName } from './identifiers.ts'
import { arrayLiteral, type Slots } from './slots.ts'

export interface ConditionScope {
  readonly datamodel: Datamodel
  readonly model: Model
  /** The alias of the row that the condition is about. */
  readonly alias: string
  readonly slots: Slots
  /**
   * No key ties the rows: alternatives that each name rows by a key are better looked up one by one.
   * @default false
   */
  readonly isWholeTable?: boolean
}

/**
 * The SQL of a condition that asks nothing more of the viewer. Equal structures give equal texts:
 * values go to slots, except enum members and booleans, which stand in the text so that partial
 * indexes and statistics apply (there are few of them, and the datamodel lists them all).
 */
export function compileCondition(condition: Condition, scope: ConditionScope): string {
  switch (condition.kind) {
    case 'always':
      return 'TRUE'
    case 'never':
      return 'FALSE'
    case 'compare':
      return compileComparison(condition, scope)
    case 'and':
      return condition.parts.map((part) => compileOperand(part, scope)).join(' AND ')
    case 'or':
      return compileAlternatives(condition.parts, scope)
    case 'related':
      return compileRelated(condition, scope)
    case 'role':
      throw new Error('A question about the role must be answered before SQL is made')
  }
}

function compileOperand(condition: Condition, scope: ConditionScope): string {
  const text = compileCondition(condition, scope)
  return condition.kind === 'or' && !text.startsWith('(') ? `(${text})` : text
}

/**
 * Over a whole table, alternatives that each name their rows by a key become a union of look-ups: as
 * a plain OR over several tables they would make PostgreSQL read all of it.
 */
function compileAlternatives(parts: readonly Condition[], scope: ConditionScope): string {
  const [id, ...others] = scope.model.primaryKey
  const isUnion =
    scope.isWholeTable &&
    others.length === 0 &&
    parts.some(({ kind }) => kind === 'related') &&
    parts.every((part) => isKeyed(part, scope.datamodel, scope.model))
  if (!isUnion || id === undefined) {
    return `(${parts.map((part) => compileOperandOfOr(part, scope)).join(' OR ')})`
  }
  const alias = `${scope.alias}u`
  const selects = parts.map((part) => {
    const text = compileCondition(part, { ...scope, alias, isWholeTable: false })
    return `SELECT ${columnName(alias, scope.model, id)} FROM ${tableName(scope.model)} ${alias} WHERE ${text}`
  })
  return `${columnName(scope.alias, scope.model, id)} IN (${selects.join(' UNION ')})`
}

function compileOperandOfOr(condition: Condition, scope: ConditionScope): string {
  const text = compileCondition(condition, scope)
  return condition.kind === 'and' ? `(${text})` : text
}

/** Whether a foreign or primary key is compared with a value, here or at the end of a relation. */
function isKeyed(condition: Condition, datamodel: Datamodel, model: Model): boolean {
  if (condition.kind === 'related') {
    const { model: target } = getRelation(model, condition.relation)
    return isKeyed(condition.where, datamodel, getModel(datamodel, target))
  }
  if (condition.kind === 'and') {
    return condition.parts.some((part) => isKeyed(part, datamodel, model))
  }
  return (
    condition.kind === 'compare' &&
    condition.operator === 'equals' &&
    isKeyColumn(model, condition.column)
  )
}

function isKeyColumn(model: Model, column: string): boolean {
  if (model.primaryKey.includes(column)) return true
  return Object.values(model.relations).some(
    ({ isList, on }) => !isList && on.some(({ from }) => from === column),
  )
}

function compileRelated(
  condition: Extract<Condition, { kind: 'related' }>,
  scope: ConditionScope,
): string {
  const relation = getRelation(scope.model, condition.relation)
  const target = getModel(scope.datamodel, relation.model)
  const alias = `${scope.alias}r`
  const inner = compileOperand(condition.where, {
    ...scope,
    model: target,
    alias,
    isWholeTable: false,
  })
  const source = relatedSource(scope.model, scope.alias, condition.relation, target, alias)
  return `EXISTS (SELECT 1 FROM ${source.from} WHERE ${source.on}${inner === 'TRUE' ? '' : ` AND ${inner}`})`
}

/** The FROM item that leads from a row to its related ones, and the condition that ties them. */
export function relatedSource(
  model: Model,
  alias: string,
  relationName: string,
  target: Model,
  targetAlias: string,
): { readonly from: string; readonly on: string } {
  const relation = getRelation(model, relationName)
  const { through } = relation
  const from = `${tableName(target)} ${targetAlias}`
  if (!through) {
    const pairs = relation.on.map(
      (pair) =>
        `${columnName(targetAlias, target, pair.to)} = ${columnName(alias, model, pair.from)}`,
    )
    return { from, on: pairs.join(' AND ') }
  }
  const [pair] = relation.on
  if (!pair) throw new Error(`Relation "${model.name}.${relationName}" pairs no columns`)
  const join = `${targetAlias}j`
  return {
    from: `${tableName(through)} ${join} JOIN ${from} ON ${columnName(targetAlias, target, pair.to)} = ${join}."${through.far}"`,
    on: `${join}."${through.near}" = ${columnName(alias, model, pair.from)}`,
  }
}

const signs = { less: '<', atMost: '<=', greater: '>', atLeast: '>=' } as const

function compileComparison(condition: Comparison, scope: ConditionScope): string {
  const { operator, value } = condition
  const column = getColumn(scope.model, condition.column)
  const left = columnName(scope.alias, scope.model, condition.column)
  if (operator === 'isNull') return `${left} IS NULL`
  if (operator === 'isNotNull') return `${left} IS NOT NULL`
  if (value.kind !== 'value') throw new Error(`"${value.kind}" must be known before SQL is made`)
  if (operator === 'in') return compileMembership(left, column, value.value, scope)
  if (operator === 'contains') {
    const pattern = `%${String(value.value).replace(/[\\%_]/g, '\\$&')}%`
    return `${left} ILIKE ${scope.slots.add('text', pattern)}`
  }
  const right = compileValue(column, value.value, scope)
  if (operator === 'equals') return `${left} = ${right}`
  if (operator === 'differs') return `${left} <> ${right}`
  return `${left} ${signs[operator]} ${right}`
}

function compileMembership(
  left: string,
  column: Column,
  value: unknown,
  scope: ConditionScope,
): string {
  const values = value as readonly unknown[] // parseWhere gives `in` a list
  if (column.isEnum) {
    return `${left} IN (${values.map((item) => enumLiteral(column, item, scope)).join(', ')})`
  }
  const printed = values.map((item) => encodeValue(scope.datamodel, column, item))
  return `${left} = ANY (${scope.slots.add('text', arrayLiteral(printed))}::${castType(column)}[])`
}

function compileValue(column: Column, value: unknown, scope: ConditionScope): string {
  if (column.isEnum && !column.isList) return enumLiteral(column, value, scope)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  const printed = encodeValue(scope.datamodel, column, value)
  if (!column.isList) return scope.slots.add(castType(column), printed)
  return `CAST(${scope.slots.add('text', printed)} AS ${castType(column)})`
}

function enumLiteral(column: Column, value: unknown, { datamodel }: ConditionScope): string {
  const member = datamodel.enums[column.type]?.values.find(({ name }) => name === value)
  if (!member) throw new Error(`"${value}" is not a member of ${column.type}`)
  return literal(member.dbName)
}
