import { defaultFieldResolver } from 'graphql'
import type { Condition } from '../sql/condition.ts'
import { getColumn, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { columnsToCheck } from './check-loader.ts'
import type { EntityRegistry } from './entity-registry.ts'
import { createIdEncoder } from './global-id.ts'
import { guarded } from './guard.ts'
import type { LoaderContext } from './loader-context.ts'
import { rankProperty } from './page-loader.ts'
import type { FieldOptions } from './pothos.ts'

function graphqlName(type: string): string {
  return type === 'Json' ? 'JSON' : type
}

function getEnum({ enums }: EntityRegistry, name: string): object {
  const type = enums.get(name)
  if (!type) throw new Error(`No GraphQL enum stands for "${name}": declare one, or import it`)
  return type
}

/** A column as a field. Without a guard it has no resolver: the row's property is its value. */
export function columnField(
  registry: EntityRegistry,
  model: Model,
  name: string,
  rule: Condition | undefined,
  description: string,
): FieldOptions {
  const column = getColumn(model, name)
  const single = column.isEnum ? getEnum(registry, column.type) : graphqlName(column.type)
  return {
    type: column.isList ? [single] : single,
    // JSON's own null is a value of a column that is never NULL.
    nullable: column.isNullable || column.type === 'Json' || rule !== undefined,
    description,
    extensions: { loadline: { columns: [name, ...guardColumns(model, rule)] } },
    resolve: rule ? guarded(model, rule, (row) => row[name]) : defaultFieldResolver,
  }
}

export function derivedField(
  model: Model,
  options: {
    readonly type: unknown
    readonly nullable: boolean
    readonly columns: readonly string[]
    readonly resolve: (row: Row, context: LoaderContext) => unknown
  },
  rule: Condition | undefined,
  description: string,
): FieldOptions {
  return {
    type: options.type,
    nullable: options.nullable || rule !== undefined,
    description,
    extensions: { loadline: { columns: [...options.columns, ...guardColumns(model, rule)] } },
    resolve: guarded(model, rule, (row, _args, context) => options.resolve(row, context)),
  }
}

/** The global id that every node has. */
export function idField(typeName: string, model: Model): FieldOptions {
  return {
    type: 'ID',
    nullable: false,
    description: `The global id of the ${typeName}: opaque, and good for \`node(id:)\`.`,
    extensions: { loadline: { columns: model.primaryKey } },
    resolve: createIdEncoder(typeName, model),
  }
}

export function rankField(description: string): FieldOptions {
  return {
    type: 'Int',
    nullable: false,
    description,
    extensions: { loadline: { columns: [], isRank: true } },
    resolve: (row) => row[rankProperty],
  }
}

/** Another type over the same row. */
export function viewField(
  registry: EntityRegistry,
  model: Model,
  typeName: string,
  rule: Condition | undefined,
  description: string,
): FieldOptions {
  return {
    type: registry.types.get(typeName)?.ref,
    nullable: rule !== undefined,
    description,
    extensions: { loadline: { columns: guardColumns(model, rule), isSameRow: true } },
    resolve: guarded(model, rule, (row) => row),
  }
}

/** Columns that deciding a guard needs. */
export function guardColumns(model: Model, rule: Condition | undefined): readonly string[] {
  return rule ? columnsToCheck(model, rule) : []
}
