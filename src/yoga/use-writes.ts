import { setTimeout as pause } from 'node:timers/promises'
import { defaultFieldResolver, type GraphQLSchema, getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { WriteAnnouncer } from '../cache/announce-writes.ts'
import { lapseMarginMs, storeDefaults } from '../cache/store.ts'
import { readOutbox } from '../capture/outbox.ts'
import type { Queryable } from '../sql/database.ts'
import { renewLoaders } from './loadline-context.ts'

export interface WriteOptions {
  readonly database: Queryable
  readonly announcer: WriteAnnouncer
}

/**
 * Makes mutations right, however their resolvers write: what a field has changed is read anew, and
 * when the operation is answered, nobody is served an answer of before any more. For that all that is
 * committed in the outbox is announced, so what the resolvers have written is.
 */
export function useWrites({ database, announcer }: WriteOptions): Plugin {
  const watched = new WeakSet<GraphQLSchema>()

  return {
    onSchemaChange({ schema }) {
      if (watched.has(schema)) return
      watched.add(schema)
      readAnewAfterWrites(schema)
    },

    onExecute({ args, executeFn, setExecuteFn }) {
      if (getOperationAST(args.document, args.operationName)?.operation !== 'mutation') return
      setExecuteFn(async (given) => {
        try {
          return await executeFn(given)
        } finally {
          await announceWritten()
        }
      })
    },
  }

  async function announceWritten(): Promise<void> {
    try {
      await readOutbox(database, announcer.announce)
    } catch {
      // Nobody here knows what was written: by then a drainer has announced it, or no answers are served.
      await pause(storeDefaults.heartbeatMs + lapseMarginMs)
    }
  }
}

function readAnewAfterWrites(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = async (root, args, context, info) => {
      try {
        return await resolve(root, args, context, info)
      } finally {
        renewLoaders(context)
      }
    }
  }
}
