/** A node of a plan as `EXPLAIN (FORMAT JSON)` gives it, without the values of the statement. */
export interface PlanNode {
  /** `Seq Scan`, `Index Scan`, `Nested Loop`, ... */
  readonly type: string
  readonly relation: string | null
  readonly index: string | null
  /** As estimated. */
  readonly rows: number
  readonly cost: number
  /** `Filter: ("status" = ?)` and the like. */
  readonly conditions: readonly string[]
  readonly children: readonly PlanNode[]
}

const conditionKeys = [
  ...['Index Cond', 'Recheck Cond', 'Hash Cond', 'Merge Cond', 'TID Cond'],
  ...['Join Filter', 'Filter', 'Order By'],
]

/** Null for what is no plan. */
export function parsePlan(explained: unknown): PlanNode | null {
  const [first] = Array.isArray(explained) ? explained : []
  const root: unknown = Object(first).Plan
  return isObject(root) ? parseNode(root) : null
}

function parseNode(node: Readonly<Record<string, unknown>>): PlanNode {
  const text = (key: string) => (typeof node[key] === 'string' ? String(node[key]) : null)
  const children = Array.isArray(node.Plans) ? node.Plans.filter(isObject) : []
  return {
    type: text('Node Type') ?? '?',
    relation: text('Relation Name'),
    index: text('Index Name'),
    rows: Number(node['Plan Rows'] ?? 0),
    cost: Number(node['Total Cost'] ?? 0),
    conditions: conditionKeys.flatMap((key) => {
      const condition = text(key)
      return condition === null ? [] : `${key}: ${withoutValues(condition)}`
    }),
    children: children.map(parseNode),
  }
}

/** A plan spells out what it was planned for, and that is nobody's business. */
function withoutValues(condition: string): string {
  return condition
    .replaceAll(/(?:\bE)?'(?:[^']|'')*'/g, '?')
    .replaceAll(/(?<![\w"$.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi, '?')
}

/** The node and all below it, from the top. */
export function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...node.children.flatMap(nodesOf)]
}

/** As people read plans: a line for each node, indented by two blanks a level. */
export function printPlan(node: PlanNode, depth = 0): readonly string[] {
  const where = [node.index && `using ${node.index}`, node.relation && `on ${node.relation}`]
  const title = [node.type, ...where].filter(Boolean).join(' ')
  const figures = `(cost ${Math.round(node.cost)}, rows ${node.rows})`
  const line = `${'  '.repeat(depth)}${[title, figures, ...node.conditions].join('  ')}`
  return [line, ...node.children.flatMap((child) => printPlan(child, depth + 1))]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
