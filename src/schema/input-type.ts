import { z } from 'zod'
import { builder } from './builder.ts'

/** What a field of an input can be, lists apart: the name of a scalar, an enum or an input type. */
export type InputType =
  | 'ID'
  | 'String'
  | 'Int'
  | 'Float'
  | 'Boolean'
  | 'DateTime'
  | PothosSchemaTypes.EnumRef<Types, unknown, unknown>
  | PothosSchemaTypes.InputObjectRef<Types, unknown>

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never

/** The fields of an input, by name: what a value must be, and with `describe` what it means. */
export type InputFields = Readonly<Record<string, z.ZodType>>

interface Typing {
  readonly type: InputType
  readonly isList: boolean
  readonly required: boolean
}

// Zod rewrites the types of what it keeps, so it keeps them as unknown.
const typings = z.registry<{ readonly typing: unknown }>()

/** Says which GraphQL type the value of a schema has; `describe` and `optional` keep it. */
export function typed<Schema extends z.ZodType>(type: InputType, schema: Schema): Schema {
  typings.add(schema, { typing: { type, isList: false, required: true } satisfies Typing })
  return schema
}

/** Says that a schema has the GraphQL type of another, but for what is given. */
export function typedAs<Schema extends z.ZodType>(
  other: z.ZodType,
  changes: Partial<Omit<Typing, 'type'>>,
  schema: Schema,
): Schema {
  typings.add(schema, { typing: { ...getTyping(other), ...changes } })
  return schema
}

/**
 * Declares the GraphQL input type of some fields, so that a field's type, whether it may be left
 * out, its description and its validation are all written in one place.
 */
export function declareInput(name: string, description: string, shape: InputFields) {
  return builder.inputType(name, {
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(shape).map(([fieldName, schema]) => {
          const { type, required, isList, description } = inspect(schema)
          if (!description) throw new Error(`${name}.${fieldName} needs a description`)
          const options = { description, type, required } as const
          return [
            fieldName,
            isList
              ? t.field({ ...options, type: [type], required: { list: required, items: true } })
              : t.field(options),
          ]
        }),
      ),
  })
}

function inspect(schema: z.ZodType): Typing & { readonly description: string | undefined } {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    // Only schemas of `z` are made here, not those of its core.
    const inner = inspect(schema.unwrap() as z.ZodType)
    return { ...inner, required: false, description: schema.description ?? inner.description }
  }
  return { ...getTyping(schema), description: schema.description }
}

function getTyping(schema: z.ZodType): Typing {
  const typing = typings.get(schema)?.typing
  if (!typing) throw new Error('A field of an input needs a GraphQL type: see `typed`')
  // Only this file adds to the registry.
  return typing as Typing
}
