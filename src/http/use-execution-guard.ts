import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql'
import type { Plugin, PromiseOrValue } from 'graphql-yoga'
import { type CheckCost, createCostCheck } from '../guard/check-cost.ts'
import type { Deadline } from '../guard/deadline.ts'
import type { GuardedRequest } from '../guard/guard-requests.ts'
import type { Limits } from '../guard/limits.ts'
import type { Events } from '../observe/events.ts'
import type { RequestFacts } from '../observe/request-facts.ts'
import { orAborted } from '../sql/cancellation.ts'
import type { Tally } from '../sql/tally.ts'

/** What the plugin needs of a request's context; without a guard everything runs at once. */
export interface GuardedContext {
  readonly guard: Pick<GuardedRequest, 'admit'> & Pick<Deadline, 'signal'>
  readonly tally: Pick<Tally, 'rowsRead' | 'sqlMs'>
  readonly facts: RequestFacts
}

/** What stands between an operation and its execution. */
export interface ExecutionGuard {
  /**
   * The rows that an operation may cost.
   * @throws AppError `COST_LIMIT_EXCEEDED`
   */
  check(args: ExecutionArgs, operation: OperationDefinitionNode): number
  /**
   * Executes it when its viewer has so much left and it is its turn.
   * @throws AppError `RATE_LIMITED`, `SERVICE_UNAVAILABLE`, `REQUEST_TIMEOUT`
   */
  run<Result>(
    context: GuardedContext,
    operation: GuardedOperation,
    execute: () => PromiseOrValue<Result>,
  ): Promise<Result>
}

export interface GuardedOperation {
  /** What it may cost. */
  readonly rows: number
  /** A mutation that has begun is not left half told: its own transaction has a time of its own. */
  readonly isQuery: boolean
}

export function createExecutionGuard(limits: Limits, events: Events): ExecutionGuard {
  const checks = new WeakMap<GraphQLSchema, CheckCost>()
  const checkOf = (schema: GraphQLSchema): CheckCost => {
    const known = checks.get(schema) ?? createCostCheck(schema, limits)
    checks.set(schema, known)
    return known
  }
  return {
    check({ document, schema, variableValues }, operation) {
      return checkOf(schema)({ document, operation, variables: variableValues ?? {} }).rows
    },
    async run({ guard, tally, facts }, { rows, isQuery }, execute) {
      const end = await takeTurn(guard, rows, facts)
      const startMs = performance.now()
      try {
        const running = Promise.resolve(execute())
        return await (isQuery ? orAborted(running, guard.signal) : running)
      } finally {
        events.executionEnded(facts, { startMs, ms: performance.now() - startMs })
        end(actualRows(tally))
      }
    },
  }

  async function takeTurn(guard: GuardedContext['guard'], rows: number, facts: RequestFacts) {
    const startMs = performance.now()
    const tell = (isRefused: boolean) =>
      events.turnEnded(facts, { startMs, ms: performance.now() - startMs, isRefused })
    try {
      const end = await guard.admit(rows)
      tell(false)
      return end
    } catch (error) {
      tell(true)
      throw error
    }
  }
}

/**
 * Lets an operation run when it is not too expensive, its viewer has enough left and it is its turn.
 * To be put last, around every other way of executing. An answer from the cache never comes here.
 */
export function useExecutionGuard(guard: ExecutionGuard): Plugin<Partial<GuardedContext>> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const operation = getOperationAST(args.document, args.operationName)
      // Not to be found is for the executor to say.
      if (!operation) return
      const rows = guard.check(args, operation)
      const { guard: guarded, tally, facts } = args.contextValue
      if (!guarded || !tally || !facts) return
      const asked = { rows, isQuery: operation.operation === 'query' }
      setExecuteFn((given: ExecutionArgs) =>
        guard.run<ExecutionResult>({ guard: guarded, tally, facts }, asked, () => executeFn(given)),
      )
    },
  }
}

const rowsOfStep = 10

/**
 * A millisecond of the database counts as a row: what reads few rows slowly costs too. In steps, as
 * viewers are told what they have left: to the row it would say whether a hidden row is there.
 */
function actualRows({ rowsRead, sqlMs }: GuardedContext['tally']): number {
  return Math.ceil((rowsRead + sqlMs) / rowsOfStep) * rowsOfStep
}
