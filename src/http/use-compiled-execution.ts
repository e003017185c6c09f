import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Plugin, PromiseOrValue } from 'graphql-yoga'
import { isCompilable } from './is-compilable.ts'
import { type OperationPlan, planOperation } from './plan-operation.ts'
import { applyConditions } from './settle-directives.ts'

type Run = CompiledQuery['query']

export interface CompiledExecutionOptions {
  /** Executions of an operation before it is compiled, which takes it 0.2 to 0.9 ms. @default 3 */
  readonly compileAfter?: number
  /** Compiled functions kept, at up to 124 KB each; the least recently used go. @default 200 */
  readonly mostCompiled?: number
}

/** Counts an operation that is to be executed, and gives how to; null while it is not compiled. */
export type CompiledExecution = (args: ExecutionArgs) => RunOr | null

/** Runs it as compiled, or has it interpreted when that ends in errors. */
type RunOr = (args: ExecutionArgs, interpret: Execute) => Promise<ExecutionResult>

export type Execute = (args: ExecutionArgs) => PromiseOrValue<ExecutionResult>

/** What is told of each request whose context has a place for it. */
export interface CompiledExecutionContext {
  readonly tally?: { isCompiled: boolean }
}

/** An operation that is seen again and again. */
interface Operation {
  readonly node: OperationDefinitionNode
  /** Executions since it was met, was evicted, or ended in errors. */
  seen: number
  /** Executions after which it is compiled. */
  wait: number
  /** Undefined until then. */
  plan: OperationPlan | undefined
  /** By the values of its conditions; null where the interpreter must run it. */
  readonly runs: Map<string, Run | null>
}

/** Combinations of conditions that are compiled of one operation. */
const mostVariants = 16

/** Executions for which an operation that ended in errors is left to the interpreter, at most. */
const longestWait = 1_024

/**
 * Runs queries that are seen often as compiled functions (graphql-jit), all others by the
 * interpreter, which is the reference: both give the same answers.
 *
 * Errors are the interpreter's alone: graphql-jit reports others in another order. A compiled run
 * that ends in errors is run again, with the rows that were read; an operation that does so twice
 * waits twice as long each time. Resolvers of queries must therefore be free of side effects.
 *
 * Where a field has no resolver, its property must be a plain value, not a function or a promise.
 */
export function createCompiledExecution(options: CompiledExecutionOptions = {}): CompiledExecution {
  const { compileAfter = 3, mostCompiled = 200 } = options
  // Documents come from Yoga's parser cache, so this bounds what stays compiled, not what is counted.
  const operations = new WeakMap<OperationDefinitionNode, Operation>()
  /** What was compiled, least recently used first, and how to forget it. */
  const compiled = new Map<Run, () => void>()

  function findOperation({ document, operationName }: ExecutionArgs): Operation | null {
    const node = getOperationAST(document, operationName)
    if (node?.operation !== 'query') return null
    const known = operations.get(node)
    if (known) return known
    const runs = new Map<string, Run | null>()
    const operation = { node, seen: 0, wait: compileAfter, plan: undefined, runs }
    operations.set(node, operation)
    return operation
  }

  function findRun(operation: Operation, args: ExecutionArgs): Run | null {
    operation.seen += 1
    if (operation.seen <= operation.wait) return null
    operation.plan ??= planOperation(operation.node, args.document)
    const { plan, runs } = operation
    const settled = plan.settle(args.variableValues ?? {})
    if (!settled) return null
    const variant = [...settled.values()].join()
    let run = runs.get(variant)
    if (run === undefined && runs.size < mostVariants) {
      run = compile(args.schema, applyConditions(plan.document, settled))
      runs.set(variant, run)
    }
    if (run) {
      keep(run, () => {
        runs.delete(variant)
        operation.seen = 0
      })
    }
    return run ?? null
  }

  function keep(run: Run, forget: () => void): void {
    compiled.delete(run)
    compiled.set(run, forget)
    if (compiled.size <= mostCompiled) return
    const [oldest] = compiled
    if (!oldest) return
    compiled.delete(oldest[0])
    oldest[1]()
  }

  return (args) => {
    const operation = findOperation(args)
    const run = operation && findRun(operation, args)
    if (!run) return null
    return async (given, interpret) => {
      const result = await runCompiled(run, given)
      if (result) {
        operation.wait = compileAfter
        const { tally } = given.contextValue as Partial<CompiledExecutionContext>
        if (tally) tally.isCompiled = true
        return result
      }
      operation.seen = 0
      operation.wait = Math.min(longestWait, Math.max(1, operation.wait * 2))
      return interpret(given)
    }
  }
}

/** The same as a plugin. */
export function useCompiledExecution(find: CompiledExecution = createCompiledExecution()): Plugin {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const run = find(args)
      if (run) setExecuteFn((given) => run(given, executeFn))
    },
  }
}

/** The answer, or null when there are errors in it. */
async function runCompiled(run: Run, args: ExecutionArgs): Promise<ExecutionResult | null> {
  try {
    const result = await run(args.rootValue, args.contextValue, args.variableValues ?? {})
    return result.errors ? null : result
  } catch {
    // Something that graphql-jit does not catch; the interpreter does.
    return null
  }
}

function compile(schema: GraphQLSchema, document: DocumentNode): Run | null {
  if (!isCompilable(schema, document)) return null
  const result = compileQuery(schema, document, undefined, {
    disableLeafSerialization: false,
    customJSONSerializer: false,
  })
  return isCompiledQuery(result) ? result.query : null
}
