import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Cost } from './cost.ts'
import { createGivenValues, summarise } from './given-values.ts'
import { exceeded, type Limits } from './limits.ts'
import { createCostMeter } from './measure-cost.ts'

export interface CostRequest {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * What an operation may cost with these variables. Costs are remembered with the document, by the
 * values of those variables that they depend on: a screen that is asked for again is not measured
 * again.
 *
 * @throws AppError `COST_LIMIT_EXCEEDED` with the cost, the limit and the most expensive path
 */
export type CheckCost = (request: CostRequest) => Cost

export function createCostCheck(schema: GraphQLSchema, limits: Limits): CheckCost {
  const measure = createCostMeter(schema)
  const plans = new WeakMap<OperationDefinitionNode, Plan>()

  return ({ document, operation, variables }) => {
    let plan = plans.get(operation)
    if (!plan) {
      plan = { fragments: fragmentsOf(document), names: new Set(), costs: new Map() }
      plans.set(operation, plan)
    }
    const cost = plan.costs.get(keyOf(plan, variables)) ?? remember(plan, operation, variables)
    check(cost, limits)
    return cost
  }

  function remember(
    plan: Plan,
    operation: OperationDefinitionNode,
    variables: CostRequest['variables'],
  ): Cost {
    const { fragments, names, costs } = plan
    const given = createGivenValues(operation, variables)
    const cost = measure({ operation, fragments, given })
    for (const name of given.consulted) names.add(name)
    if (costs.size >= mostCosts) costs.clear()
    // Made anew: a key has a part for each name, so those of fewer names are never found again.
    costs.set(keyOf(plan, variables), cost)
    return cost
  }
}

interface Plan {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Variables that costs were found to depend on. */
  readonly names: Set<string>
  readonly costs: Map<string, Cost>
}

const mostCosts = 50

function keyOf({ names }: Plan, variables: CostRequest['variables']): string {
  let key = ''
  for (const name of names) {
    key += `${Object.hasOwn(variables, name) ? summarise(variables[name]) : 'none'},`
  }
  return key
}

function fragmentsOf({ definitions }: DocumentNode): Plan['fragments'] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }
  return fragments
}

function check({ rows, values, worst }: Cost, limits: Limits): void {
  const extensions = { path: worst.path }
  const code = 'COST_LIMIT_EXCEEDED'
  const hint =
    worst.path === '' ? '' : `; "${worst.path}" alone has ${worst.rows}: ask for smaller pages`
  if (rows > limits.cost) {
    throw exceeded({ limit: 'cost', max: limits.cost, got: rows, code, hint, extensions })
  }
  if (values > limits.values) {
    const got = Math.ceil(values)
    throw exceeded({ limit: 'values', max: limits.values, got, code, hint, extensions })
  }
}
