import {
  buildSchema,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  printSchema,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { datamodel } from '../../src/generated/datamodel.ts'
import { createIdEncoder, decodeGlobalId } from '../../src/loaders/global-id.ts'
import { schema as domainSchema } from '../../src/schema/schema.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import type { NestedCourse, PrismaReader } from '../support/prisma-client.ts'

/**
 * Answers the nested page's document from one `findMany`, as Loadline answers it from its loaders:
 * compiled by graphql-jit for the same types, global ids and all, up to the JSON.
 */
export function createPrismaAnswerer(
  reader: PrismaReader,
  query: string,
  { ids, counted }: { readonly ids: readonly string[]; readonly counted: boolean },
): () => Promise<string> {
  const compiled = compileQuery(createSchema(reader, counted), parse(query))
  if (!isCompiledQuery(compiled)) throw new Error('The query does not compile')
  return async () => JSON.stringify(await compiled.query({}, {}, { ids }))
}

/** The domain's types, with nothing behind them but the rows of one read. */
function createSchema(reader: PrismaReader, counted: boolean) {
  const schema = buildSchema(printSchema(domainSchema))
  const node = schema.getType('Node')
  if (isInterfaceType(node)) node.resolveType = () => 'Course'
  const query = fieldsOf(schema.getType('Query'))
  const course = fieldsOf(schema.getType('Course'))
  Object.assign(query.nodes ?? {}, {
    async resolve(_root: unknown, { ids }: { readonly ids: readonly string[] }) {
      const keys = ids.map((id) => decodeGlobalId(id)?.key ?? '')
      const courses = await reader.nestedPage(keys, counted)
      const byId = new Map(courses.map((row) => [row.id, row]))
      return keys.map((key) => byId.get(key) ?? null)
    },
  })
  Object.assign(course.id ?? {}, {
    resolve: createIdEncoder('Course', model),
  })
  Object.assign(course.enrollments ?? {}, {
    resolve: ({ enrollments, _count: count }: NestedCourse) => ({
      nodes: enrollments,
      totalCount: count?.enrollments,
    }),
  })
  Object.assign(course.lessons ?? {}, {
    resolve: ({ lessons }: NestedCourse) => ({ nodes: lessons }),
  })
  return schema
}

const model = getModel(datamodel, 'Course')

function fieldsOf(type: unknown): ReturnType<GraphQLObjectType['getFields']> {
  if (!isObjectType(type)) throw new Error('The schema has no such type')
  return type.getFields()
}
