import { setImmediate } from 'node:timers/promises'
import {
  GraphQLEnumType,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import type { Context } from '../../src/context.ts'
import { AppError } from '../../src/errors.ts'

const color = new GraphQLEnumType({ name: 'Color', values: { RED: {}, BLUE: {} } })

/** A schema that does what a test of HTTP needs to see, and reaches for nothing else. */
export function createSmallSchema(): GraphQLSchema {
  let count = 0
  const query = new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      hello: { type: GraphQLString, resolve: () => 'world' },
      viewerId: { type: GraphQLString, resolve: (_, __, { viewer }) => viewer.id() },
      echo: {
        type: GraphQLString,
        args: { text: { type: new GraphQLNonNull(GraphQLString) }, color: { type: color } },
        resolve: (_, { text }) => text,
      },
      letters: {
        type: GraphQLString,
        args: { count: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_, args) => 'x'.repeat(args.count),
      },
      refused: {
        type: GraphQLString,
        resolve: () => {
          throw new AppError('FORBIDDEN', 'Not for you')
        },
      },
      broken: {
        type: GraphQLString,
        resolve: () => {
          throw new Error('the secret is hunter2')
        },
      },
      users: {
        type: GraphQLInt,
        description: 'A statement that takes time on the database.',
        resolve: async (_, __, { prisma }) => prisma.user.count(),
      },
      count: { type: GraphQLInt, resolve: () => count },
      untilHungUp: {
        type: GraphQLString,
        resolve: async (_, __, { signal }) => {
          while (!signal.aborted) await setImmediate()
          count += 1
          return 'nobody hears this'
        },
      },
    },
  })
  const mutation = new GraphQLObjectType<unknown, Context>({
    name: 'Mutation',
    fields: { add: { type: GraphQLInt, resolve: () => ++count } },
  })
  return new GraphQLSchema({ query, mutation })
}
