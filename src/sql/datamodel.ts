/**
 * What the compiler of statements knows of a Prisma schema: names as the code says them, and names
 * as the database says them. Written by the Prisma generator of this package.
 */
export interface Datamodel {
  readonly models: Readonly<Record<string, Model>>
  readonly enums: Readonly<Record<string, EnumType>>
}

/** A datamodel whose models the compiler knows by name: rows, keys and relations of each. */
export interface TypedDatamodel<Models> extends Datamodel {
  /** For the compiler alone: no value has it. */
  readonly types?: Models
}

export interface Model {
  readonly name: string
  /** The database's schema, null for the search path's first. */
  readonly schema: string | null
  readonly table: string
  readonly primaryKey: readonly string[]
  /** Every set of columns that names at most one row, the primary key included. */
  readonly uniques: readonly (readonly string[])[]
  readonly columns: Readonly<Record<string, Column>>
  readonly relations: Readonly<Record<string, Relation>>
}

export interface Column {
  readonly name: string
  readonly dbName: string
  /** Prisma's scalar type (`String`, `DateTime`, ...) or an enum's name. */
  readonly type: string
  readonly isEnum: boolean
  readonly isNullable: boolean
  readonly isList: boolean
  /** The type to cast parameters to, without array brackets: `uuid`, `timestamptz`, `"Role"`. */
  readonly sqlType: string
}

export interface Relation {
  readonly name: string
  /** The model that it leads to. */
  readonly model: string
  readonly isList: boolean
  readonly isNullable: boolean
  /**
   * Pairs of columns that are equal on both sides: of this model (or, through a join table, of the
   * join table's near side), and of the target.
   */
  readonly on: readonly { readonly from: string; readonly to: string }[]
  /** The join table of an implicit many-to-many relation. */
  readonly through: JoinTable | null
  /** The same relation seen from the target. */
  readonly inverse: string | null
}

/** Prisma's join table: `near` refers to the model that has the relation, `far` to its target. */
export interface JoinTable {
  readonly schema: string | null
  readonly table: string
  readonly near: string
  readonly far: string
}

export interface EnumType {
  readonly name: string
  /** Values as the code says them, and as the database stores them. */
  readonly values: readonly { readonly name: string; readonly dbName: string }[]
}

export function getModel(datamodel: Datamodel, name: string): Model {
  const model = datamodel.models[name]
  if (!model) throw new Error(`The Prisma schema has no model "${name}"`)
  return model
}

export function getColumn(model: Model, name: string): Column {
  const column = model.columns[name]
  if (!column) throw new Error(`Model "${model.name}" has no column "${name}"`)
  return column
}

export function getRelation(model: Model, name: string): Relation {
  const relation = model.relations[name]
  if (!relation) throw new Error(`Model "${model.name}" has no relation "${name}"`)
  return relation
}
