import {
  always,
  and,
  type Condition,
  never,
  type Operand,
  type Operator,
  or,
} from '../sql/condition.ts'
import { type Datamodel, getColumn, getModel, getRelation, type Model } from '../sql/datamodel.ts'

/** What the generated `Models` says of one model. */
export interface ModelTypes {
  readonly row: object
  readonly relations: object
}

/** The constraint that a generated `Models` interface meets. */
export type AnyModels<Models> = { readonly [Name in keyof Models]: ModelTypes }

export type Row<Models extends AnyModels<Models>, M extends keyof Models> = Models[M]['row']

/** Names of a model's columns. */
export type ColumnOf<
  Models extends AnyModels<Models>,
  M extends keyof Models,
> = keyof Models[M]['row'] & string

/** Names of a model's relations, all or only those to one or to many. */
export type RelationOf<
  Models extends AnyModels<Models>,
  M extends keyof Models,
  IsList extends boolean = boolean,
> = {
  [R in keyof Models[M]['relations']]: Models[M]['relations'][R] extends { readonly isList: IsList }
    ? R
    : never
}[keyof Models[M]['relations']] &
  string

/** The model that a relation leads to. */
export type TargetOf<
  Models extends AnyModels<Models>,
  M extends keyof Models,
  R,
> = R extends keyof Models[M]['relations']
  ? Models[M]['relations'][R] extends { readonly model: infer T extends keyof Models }
    ? T
    : never
  : never

const rule = Symbol('rule')

/** A rule made by `anyOf`, `allOf`, `role`, `everybody` or `nobody`, about rows of type `R`. */
export interface Rule<W> {
  readonly [rule]: 'any' | 'all' | 'role'
  readonly parts: readonly W[]
  readonly roles: readonly string[]
}

const placeholder = Symbol('placeholder')

interface Placeholder {
  readonly [placeholder]: Operand
}

type Filter<T> =
  | T
  | Placeholder
  | {
      readonly in?: readonly NonNullable<T>[]
      readonly not?: T
      readonly lt?: NonNullable<T> | undefined
      readonly lte?: NonNullable<T> | undefined
      readonly gt?: NonNullable<T> | undefined
      readonly gte?: NonNullable<T> | undefined
      /** Anywhere in the text, in any case. */
      readonly contains?: T extends string | null ? string : never
    }

/** Which rows of a model: every entry must hold, an absent or undefined one says nothing. */
export type Where<Models extends AnyModels<Models>, M extends keyof Models> =
  | Rule<Where<Models, M>>
  | ({
      readonly [C in ColumnOf<Models, M>]?:
        | Filter<Row<Models, M>[C & keyof Row<Models, M>]>
        | undefined
    } & {
      readonly [R in RelationOf<Models, M, false>]?:
        | Where<Models, TargetOf<Models, M, R>>
        | undefined
    } & {
      readonly [R in RelationOf<Models, M, true>]?:
        | { readonly some: Where<Models, TargetOf<Models, M, R>> }
        | undefined
    })

/** The viewer's raw id; an anonymous viewer's equals nothing. Asks for the identity. */
export const viewerId: Placeholder = { [placeholder]: { kind: 'viewerId' } }

/** A column of the row from which a bound list starts. */
export function parent(column: string): Placeholder {
  return { [placeholder]: { kind: 'parent', column } }
}

/** Holds when one part does; parts are tried from left to right, so let the cheapest stand first. */
export function anyOf<W>(...parts: readonly NoInfer<W>[]): Rule<W> {
  return { [rule]: 'any', parts, roles: [] }
}

/** Holds when all parts do. */
export function allOf<W>(...parts: readonly NoInfer<W>[]): Rule<W> {
  return { [rule]: 'all', parts, roles: [] }
}

/** Holds when the viewer has one of these roles. Asks for the role. */
export function role(...roles: readonly string[]): Rule<never> {
  return { [rule]: 'role', parts: [], roles }
}

export const everybody: Rule<never> = allOf()
export const nobody: Rule<never> = anyOf()

/** Turns a rule as it is written into the form that is evaluated and compiled; checks every name. */
export function parseWhere(datamodel: Datamodel, modelName: string, where: unknown): Condition {
  if (isRule(where)) {
    if (where[rule] === 'role') return { kind: 'role', roles: where.roles }
    const parts = where.parts.map((part) => parseWhere(datamodel, modelName, part))
    return where[rule] === 'any' ? or(parts) : and(parts)
  }
  const model = getModel(datamodel, modelName)
  return and(
    Object.entries(where ?? {}).map(([name, value]) => parseEntry(datamodel, model, name, value)),
  )
}

function parseEntry(datamodel: Datamodel, model: Model, name: string, value: unknown): Condition {
  if (value === undefined) return always
  if (!(name in model.columns)) {
    const relation = getRelation(model, name)
    const inner = relation.isList ? (value as { some: unknown }).some : value // the type of Where
    return { kind: 'related', relation: name, where: parseWhere(datamodel, relation.model, inner) }
  }
  getColumn(model, name)
  if (value === null) return compare(name, 'isNull', null)
  if (isPlaceholder(value)) {
    return { kind: 'compare', column: name, operator: 'equals', value: value[placeholder] }
  }
  if (!isFilter(value)) return compare(name, 'equals', value)
  return and(
    Object.entries(value)
      .filter(([, operand]) => operand !== undefined)
      .map(([key, operand]) => parseFilter(name, key, operand)),
  )
}

const operators: Readonly<Record<string, Operator>> = {
  in: 'in',
  not: 'differs',
  lt: 'less',
  lte: 'atMost',
  gt: 'greater',
  gte: 'atLeast',
  contains: 'contains',
}

function parseFilter(column: string, key: string, operand: unknown): Condition {
  const operator = operators[key]
  if (!operator) throw new Error(`"${key}" is not a filter; known are ${Object.keys(operators)}`)
  if (operator === 'differs' && operand === null) return compare(column, 'isNotNull', null)
  if (operator === 'in' && Array.isArray(operand) && operand.length === 0) return never
  return compare(column, operator, operand)
}

function compare(column: string, operator: Operator, value: unknown): Condition {
  return { kind: 'compare', column, operator, value: { kind: 'value', value } }
}

function isRule(value: unknown): value is Rule<unknown> {
  return typeof value === 'object' && value !== null && rule in value
}

function isPlaceholder(value: unknown): value is Placeholder {
  return typeof value === 'object' && value !== null && placeholder in value
}

function isFilter(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  )
}
