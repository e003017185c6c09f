import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'

test('every type, field, argument and enum value says what it is', () => {
  expect(withoutDescription(schema)).toEqual([])
})

test('no description leaves its sentence open', () => {
  const open = everything(schema).filter(({ description }) => /[^.?!`)]$/.test(description ?? '.'))

  expect(open).toEqual([])
})

test('what has no description is found wherever it is', () => {
  const bare = buildSchema(`
    type Query { shelf(row: Int): Shelf }
    "A shelf." interface Board { "Its width." width: Int }
    "A plank." type Shelf implements Board { width: Int "What." kind(filter: Filter): Wood }
    enum Wood { OAK "Light." PINE }
    input Filter { wood: Wood }
    scalar Length
  `)

  expect(withoutDescription(bare).sort()).toEqual([
    'Filter',
    'Filter.wood',
    'Length',
    'Query',
    'Query.shelf',
    'Query.shelf(row:)',
    'Shelf.kind(filter:)',
    'Shelf.width',
    'Wood',
    'Wood.OAK',
  ])
})

interface Described {
  readonly name: string
  readonly description: string | null | undefined
}

function withoutDescription(of: GraphQLSchema): string[] {
  return everything(of)
    .filter(({ description }) => !description?.trim())
    .map(({ name }) => name)
}

function everything(of: GraphQLSchema): readonly Described[] {
  return Object.values(of.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .flatMap((type) => [type, ...partsOf(type)])
}

function partsOf(type: GraphQLNamedType): readonly Described[] {
  const within = ({ name, description }: Described) => ({
    name: `${type.name}.${name}`,
    description,
  })
  if (isEnumType(type)) return type.getValues().map(within)
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(within)
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => [
    within(field),
    ...field.args.map(({ name, description }) =>
      within({ name: `${field.name}(${name}:)`, description }),
    ),
  ])
}
