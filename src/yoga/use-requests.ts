import type { Plugin } from 'graphql-yoga'
import { createFlights } from '../cache/flights.ts'
import { createKnownIdentities } from '../cache/known-identities.ts'
import type { AppCache } from '../cache/open-cache.ts'
import { createIdentityRecall } from '../cache/recall-identity.ts'
import { createRequestCache, type RequestCache } from '../cache/request-cache.ts'
import { createRequestStore } from '../cache/request-store.ts'
import { getIdentity } from '../guard/get-identity.ts'
import { createViewer } from '../guard/viewer.ts'
import { createNow } from '../loaders/clock.ts'
import { createLoaders } from '../loaders/loaders.ts'
import { createReader } from '../loaders/reader.ts'
import { explain } from '../observe/explain.ts'
import type { Database } from '../sql/database.ts'
import type { Datamodel } from '../sql/datamodel.ts'
import { createStatementCache } from '../sql/statements.ts'
import { createTally, type Tally } from '../sql/tally.ts'
import { createReadSet } from '../tags/read-set.ts'
import type { FindViewer } from './find-viewer.ts'
import { fillContext } from './loadline-context.ts'

export interface RequestOptions<Client> {
  readonly database: Database
  readonly datamodel: Datamodel
  readonly prisma: Client
  readonly cache: AppCache
  readonly identify: (request: Request) => string | null | Promise<string | null>
  readonly findViewer: FindViewer
  readonly mayExplain: (request: Request) => boolean
  /** Whether a question is known before any other plugin has had a say. */
  readonly asksAhead: boolean
}

/**
 * Opens each operation: who sends it, their answer if there is one, and what resolvers find in the
 * context. It stands before the plugin that answers from the cache.
 */
export function useRequests<Client>(options: RequestOptions<Client>): Plugin {
  const { database, datamodel, prisma, cache, identify, findViewer, mayExplain } = options
  const statements = createStatementCache()
  const flights = createFlights()
  const known = createKnownIdentities()
  const opened = new WeakMap<object, { readonly tally: Tally; readonly cache: RequestCache }>()

  return {
    async onParams({ request, params, context }) {
      const userId = await identify(request)
      const tally = createTally({ watchesShapes: false })
      const readSet = createReadSet()
      const { signal } = request
      const reads = { queryable: database, tally, signal }
      const store = createRequestStore(cache.store)
      const identityReads = createReadSet()
      const who =
        userId === null
          ? null
          : createIdentityRecall({
              ...{ store, known, userId, readSet: identityReads },
              read: () => findViewer(userId, createReader({ ...reads, readSet: identityReads })),
            })
      const requestCache = createRequestCache({ store, who, flights })
      // Finds who it is in the same round trip; asked again, it is not looked up again.
      if (options.asksAhead) await requestCache.lookUp(params)
      const identity = who && (await getIdentity(who.get))
      const viewer = createViewer(identity, () => readSet.include(identityReads))
      fillContext(context, {
        ...{ viewer, readSet, tally, prisma, cache: requestCache },
        reader: createReader({ ...reads, readSet }),
        now: createNow(readSet, Date.now),
        createLoaders: () => createLoaders({ datamodel, statements, viewer, readSet, ...reads }),
      })
      opened.set(context, { tally, cache: requestCache })
    },

    async onExecutionResult({ request, context, result, setResult }) {
      if (request.headers.get('loadline-explain') !== '1' || !mayExplain(request)) return
      const asked = opened.get(context)
      if (!asked || !result || Array.isArray(result) || Symbol.asyncIterator in result) return
      const { tally, cache } = asked
      setResult(explain(result, { tally, cache: await cache.explain() }))
    },
  }
}
