import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import type { Patience, RequestCache, ServedAnswer } from '../cache/request-cache.ts'
import {
  type CachedContext,
  createAnswerKeeper,
  createTerms,
  type ResponseCacheOptions,
} from '../cache/use-response-cache.ts'
import { mostDocuments, mostTextBytes } from './parser-cache.ts'
import type { CompiledExecution, Execute } from './use-compiled-execution.ts'
import type { ExecutionGuard, GuardedContext } from './use-execution-guard.ts'

/** Queries that were answered before. */
export interface KnownOperations {
  /** Learns which they are; to be put before every other plugin. */
  readonly plugin: Plugin
  /** Null where the operation is not known. */
  find(params: GraphQLParams): KnownQuery | null
}

/** One of them, with its variables. */
export interface KnownQuery {
  /**
   * Answers it as the plugins of this package do, in their order, without Yoga around them: parsing,
   * validating and the rules for documents would say what they said the first time. To be asked
   * after the look-up in the cache.
   *
   * All that is heavy is made when it is the operation's turn, and ends as `Answer` before that is
   * over. What waits for a turn soon stands among old objects, and would keep all that it refers to
   * later until the whole heap is collected.
   *
   * @throws AppError as the guard has it, and as `enter` has it
   */
  answer<Context extends CachedContext, Answer>(asking: Asking<Context, Answer>): Promise<Answer>
}

export interface Asking<Context extends CachedContext, Answer> {
  /** Null: no answers are kept. */
  readonly cache: RequestCache | null
  readonly guarded: GuardedContext
  /** Who waits for another's answer, and how long. */
  readonly patience: Patience
  /** The context, once it is the operation's turn. */
  enter(): Promise<Context>
  /** What is to be answered where it was computed. */
  finish(result: ExecutionResult, context: Context): Promise<Answer>
  /** What is to be answered where another computed it. */
  serve(served: ServedAnswer): Promise<Answer>
}

export interface KnownOperationsOptions {
  readonly responseCache: ResponseCacheOptions | undefined
  readonly findCompiled: CompiledExecution
  readonly guard: ExecutionGuard
}

interface KnownOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Yoga's own executor. */
  readonly interpret: Execute
}

/** By the names under which clients ask for them. */
type Named = Map<string | undefined, KnownOperation>

export function createKnownOperations(options: KnownOperationsOptions): KnownOperations {
  const { findCompiled, guard } = options
  const keep = createAnswerKeeper(options.responseCache)
  let termsOf: ReturnType<typeof createTerms> | undefined
  const ofDocument = new LRUCache<string, Named>({
    max: mostDocuments,
    maxSize: mostTextBytes,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  })

  function learn(args: ExecutionArgs, interpret: Execute): void {
    const { schema, document, operationName } = args
    const operation = getOperationAST(document, operationName)
    const { query } = (args.contextValue as { readonly params: GraphQLParams }).params
    if (operation?.operation !== 'query' || !query) return
    const named: Named = ofDocument.get(query) ?? new Map()
    named.set(operationName ?? undefined, { schema, document, operation, interpret })
    ofDocument.set(query, named)
  }

  async function answer<Context extends CachedContext, Answer>(
    { schema, document, operation, interpret }: KnownOperation,
    { variables, operationName }: GraphQLParams,
    { cache, guarded, patience, enter, finish, serve }: Asking<Context, Answer>,
  ): Promise<Answer> {
    const asked = { schema, document, variableValues: variables, operationName }
    const rows = guard.check(asked, operation)
    const compute = () =>
      guard.run(guarded, { rows, isQuery: true }, async () => {
        const context = await enter()
        const args = { contextValue: context, ...asked }
        const runCompiled = findCompiled(args)
        const execute = async () => (runCompiled ? runCompiled(args, interpret) : interpret(args))
        if (!cache) return finish(await execute(), context)
        const { viewer, readSet } = context
        const { result } = await keep({ cache, viewer, readSet }, execute)
        return finish(result, context)
      })
    if (!cache) return compute()
    if (termsOf) cache.plan(termsOf(document, operationName))
    try {
      const shared = await cache.share(compute, patience)
      return shared.served ? serve(shared.served) : shared.computed
    } finally {
      cache.end()
    }
  }

  return {
    plugin: {
      onSchemaChange({ schema }) {
        ofDocument.clear()
        termsOf = createTerms(schema, options.responseCache)
      },
      onExecute({ args, executeFn }) {
        return {
          onExecuteDone({ result }) {
            if ('data' in result && result.data && !result.errors) learn(args, executeFn)
          },
        }
      },
    },
    find(params) {
      const known = ofDocument.get(params.query ?? '')?.get(params.operationName)
      return known ? { answer: (asking) => answer(known, params, asking) } : null
    },
  }
}
