import SchemaBuilder from '@pothos/core'
import type { Context } from '../context.ts'
import { datamodel, type Enums, type Models } from '../generated/datamodel.ts'
import { createEntities } from '../loaders/create-entities.ts'
import { parseDateTime } from '../loaders/date-time.ts'
import type { Where } from '../loaders/where.ts'

/** Which rows of a model: the type of a rule that is a constant of its own. */
export type Rule<M extends keyof Models> = Where<Models, M>

export const builder = new SchemaBuilder<{
  Context: Context
  DefaultFieldNullability: false
  Scalars: {
    DateTime: { Input: string; Output: string }
    ID: { Input: string; Output: string | number }
  }
}>({ defaultFieldNullability: false })

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({
  description:
    'Everything that can be changed. Each mutation is one transaction: it happens as a whole or not at all.',
})

builder.scalarType('DateTime', {
  description:
    'A time as RFC 3339 text in UTC with all its microseconds, like `2026-01-31T09:30:00.123456Z`.',
  serialize: (value) => value,
  parseValue: parseDateTime,
})

export const entity = createEntities(builder, datamodel)

/** The GraphQL enum of a Prisma enum: columns of its type find it by its name. */
export function defineEnum<Name extends keyof Enums>(
  name: Name,
  options: {
    readonly description: string
    readonly values: Readonly<Record<Enums[Name], { readonly description: string }>>
  },
) {
  const values: Readonly<Record<string, { readonly description: string }>> = options.values
  const ref = builder.enumType(name as string, { ...options, values })
  entity.enum(name, ref)
  // Its members are those of `values`, which are those of the Prisma enum.
  return ref as PothosSchemaTypes.EnumRef<Types, Enums[Name]>
}

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never
