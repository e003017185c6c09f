import SchemaBuilder from '@pothos/core'
import { createEntities, parseDateTime } from 'loadline/loaders'
import type { LoadlineContext } from 'loadline/yoga'
import { datamodel } from './generated/datamodel.ts'
import type { PrismaClient } from './generated/prisma/client.ts'

export const builder = new SchemaBuilder<{
  Context: LoadlineContext<PrismaClient>
  DefaultFieldNullability: false
  Scalars: {
    DateTime: { Input: string; Output: string }
    ID: { Input: string; Output: string | number }
  }
}>({ defaultFieldNullability: false })

builder.queryType()
builder.mutationType()
builder.scalarType('DateTime', { serialize: (value) => value, parseValue: parseDateTime })

export const entity = createEntities(builder, datamodel)
