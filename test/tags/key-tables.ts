import SchemaBuilder from '@pothos/core'
import type { GraphQLSchema } from 'graphql'
import { createEntities } from '../../src/loaders/create-entities.ts'
import type { LoaderContext } from '../../src/loaders/loader-context.ts'
import type { Column, Datamodel, Model, Relation, TypedDatamodel } from '../../src/sql/datamodel.ts'

/** A column as the datamodel describes it: its type in the database, and Prisma's. */
export type ColumnType = Pick<Column, 'sqlType' | 'type'> & Partial<Column>

/** Parents with a key of one type, and their children, who refer to it by a column of another. */
export interface KeyTables {
  readonly name: string
  readonly parent: ColumnType
  readonly child: ColumnType
}

export const enumType = { name: 'Kind', dbName: 'key kind', members: ['a, b', "it's", 'Ünï'] }

/** The tables `parent_<name>`, `child_<name>` and, of many parents to many, `friends_<name>` of each. */
export function createKeyTables(pairs: readonly KeyTables[]): {
  readonly datamodel: Datamodel
  readonly sql: string
} {
  const models = pairs.flatMap((pair) => [parentModel(pair), childModel(pair)])
  const values = enumType.members.map((dbName, index) => ({ name: `M${index}`, dbName }))
  const tables = pairs.map(
    ({ name, parent, child }) => `
      CREATE TABLE "parent_${name}" ("the key" ${parent.sqlType} PRIMARY KEY);
      CREATE TABLE "child_${name}" (id int PRIMARY KEY, "parent key" ${child.sqlType}, note text);
      CREATE TABLE "friends_${name}" ("A" ${parent.sqlType}, "B" ${parent.sqlType}, PRIMARY KEY ("A", "B"));`,
  )
  const members = enumType.members.map((member) => `'${member.replaceAll("'", "''")}'`)
  return {
    datamodel: {
      models: Object.fromEntries(models.map((model) => [model.name, model])),
      enums: { Kind: { name: 'Kind', values } },
    },
    sql: `CREATE TYPE "key kind" AS ENUM (${members});${tables.join('')}`,
  }
}

function parentModel({ name, parent }: KeyTables): Model {
  return {
    name: `Parent_${name}`,
    schema: null,
    table: `parent_${name}`,
    primaryKey: ['key'],
    uniques: [['key']],
    columns: { key: column('key', 'the key', parent) },
    relations: {
      children: relation('children', `Child_${name}`, 'key', 'parentKey', true),
      friends: friends(name, 'friends', 'A', 'B'),
      friendOf: friends(name, 'friendOf', 'B', 'A'),
    },
  }
}

function childModel({ name, child }: KeyTables): Model {
  return {
    name: `Child_${name}`,
    schema: null,
    table: `child_${name}`,
    primaryKey: ['id'],
    uniques: [['id']],
    columns: {
      id: column('id', 'id', { sqlType: 'int4', type: 'Int' }),
      parentKey: column('parentKey', 'parent key', { ...child, isNullable: true }),
      note: column('note', 'note', { sqlType: 'text', type: 'String', isNullable: true }),
    },
    relations: { parent: relation('parent', `Parent_${name}`, 'parentKey', 'key', false) },
  }
}

function column(name: string, dbName: string, type: ColumnType): Column {
  return { name, dbName, isEnum: false, isNullable: false, isList: false, ...type }
}

function relation(
  name: string,
  model: string,
  from: string,
  to: string,
  isList: boolean,
): Relation {
  const inverse = isList ? 'parent' : 'children'
  return { name, model, isList, isNullable: !isList, on: [{ from, to }], through: null, inverse }
}

function friends(name: string, relationName: string, near: string, far: string): Relation {
  return {
    ...relation(relationName, `Parent_${name}`, 'key', 'key', true),
    through: { schema: null, table: `friends_${name}`, near, far },
    inverse: relationName === 'friends' ? 'friendOf' : 'friends',
  }
}

interface Tables {
  readonly row: {
    readonly id: number
    readonly key: string
    readonly parentKey: string
    readonly note: string
  }
  readonly relations: {
    readonly children: { readonly model: string; readonly isList: true }
    readonly friends: { readonly model: string; readonly isList: true }
    readonly parent: { readonly model: string; readonly isList: false }
  }
}

/**
 * For each pair `parents_<name>`, whose `children` are bound to their key, and `children_<name>`,
 * which a client binds by the text of a key.
 */
export function createKeySchema(pairs: readonly KeyTables[], datamodel: Datamodel): GraphQLSchema {
  const builder = new SchemaBuilder<{ Context: LoaderContext }>({})
  builder.queryType({ description: 'Everything.' })
  const typed: TypedDatamodel<Readonly<Record<string, Tables>>> = datamodel
  const entity = createEntities(builder, typed)
  for (const { name } of pairs) {
    const Child = entity.object(`Child_${name}`, {
      model: `Child_${name}`,
      description: 'A child.',
      fields: (t) => ({ note: t.column('note', { description: 'A text.' }) }),
    })
    const Parent = entity.object(`Parent_${name}`, {
      model: `Parent_${name}`,
      description: 'A parent.',
      fields: (t) => ({
        children: t.many('children', { description: 'Its children.', orderBy: [{ note: 'asc' }] }),
        friends: t.many('friends', { description: 'Other parents.', orderBy: [] }),
      }),
    })
    entity.query((t) => ({
      [`parents_${name}`]: t.connection(Parent, {
        description: 'All parents.',
        orderBy: [],
      }),
      [`children_${name}`]: t.connection(Child, {
        description: 'The children of a parent.',
        args: { of: { type: 'String', required: true, description: "The parent's key." } },
        where: ({ of }) => ({ parentKey: of }),
        orderBy: [{ id: 'asc' }],
      }),
    }))
  }
  entity.node()
  return builder.toSchema()
}
