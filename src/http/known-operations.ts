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
import {
  type CachedContext,
  createAnswerKeeper,
  createTerms,
  type ResponseCacheOptions,
} from '../cache/use-response-cache.ts'
import type { SingleFlight } from '../cache/use-single-flight.ts'
import { mostDocuments, mostTextBytes } from './parser-cache.ts'
import type { CompiledExecution, Execute } from './use-compiled-execution.ts'
import type { ExecutionGuard, GuardedContext } from './use-execution-guard.ts'

/** Queries that were answered before. */
export interface KnownOperations {
  /** Learns which they are; to be put before every other plugin. */
  readonly plugin: Plugin
  /**
   * Answers one as the plugins of this package do, in their order, without Yoga around them: parsing,
   * validating and the rules for documents would say what they said the first time. To be asked
   * after the look-up in the cache. Null where the operation is not known.
   *
   * @throws AppError as the guard has it
   */
  answer(params: GraphQLParams, context: KnownContext): Promise<ExecutionResult> | null
}

export type KnownContext = CachedContext & GuardedContext

export interface KnownOperationsOptions {
  readonly responseCache: ResponseCacheOptions | undefined
  readonly findCompiled: CompiledExecution
  readonly guard: ExecutionGuard
  readonly fly: SingleFlight
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
  const { findCompiled, guard, fly } = options
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

  async function answer(
    { schema, document, operation, interpret }: KnownOperation,
    { variables, operationName }: GraphQLParams,
    context: KnownContext,
  ): Promise<ExecutionResult> {
    const args: ExecutionArgs = {
      schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName,
    }
    const { cache } = context
    if (termsOf) cache?.plan(termsOf(document, operationName))
    const runCompiled = findCompiled(args)
    const execute: Execute = runCompiled ? (given) => runCompiled(given, interpret) : interpret
    const rows = guard.check(args, operation)
    const compute = () => fly(context, () => guard.run(args, rows, execute))
    if (!cache) return compute()
    const { viewer, readSet } = context
    const { result } = await keep({ cache, viewer, readSet }, compute)
    return result
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
    answer(params, context) {
      const known = ofDocument.get(params.query ?? '')?.get(params.operationName)
      return known ? answer(known, params, context) : null
    },
  }
}
