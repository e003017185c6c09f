import { nodesOf, type PlanNode } from './plan.ts'
import type { ShapeFigures } from './statement-shapes.ts'

export interface TableFacts {
  readonly name: string
  /** As the server estimates them. */
  readonly rows: number
  readonly columns: readonly string[]
  /** The first columns of its indexes. */
  readonly indexed: ReadonlySet<string>
  readonly sequentialScans: number
}

export interface IndexFacts {
  readonly name: string
  readonly table: string
  readonly bytes: number
  readonly scans: number
  /** It also holds a key or a rule, so it is needed whether or not it is scanned. */
  readonly isConstraint: boolean
}

export type AdvisedShape = Pick<
  ShapeFigures,
  'sql' | 'runs' | 'totalMs' | 'paths' | 'operations' | 'plan'
>

export interface MissingIndex {
  readonly table: TableFacts
  readonly columns: readonly string[]
  readonly statement: string
  readonly evidence: readonly AdvisedShape[]
  /** The node that reads the table row by row. */
  readonly node: PlanNode
}

/** Below this many rows a table is read as quickly without an index. */
const fewRows = 1_000
/** Who wants so much of a table reads it from end to end with good reason. */
const largeShare = 0.2

/**
 * Indexes that recorded plans ask for: a large table is read from end to end to find few of its rows,
 * by columns that no index begins with.
 */
export function findMissingIndexes(
  shapes: readonly AdvisedShape[],
  tables: readonly TableFacts[],
): readonly MissingIndex[] {
  const found = new Map<string, MissingIndex>()
  for (const shape of shapes) {
    for (const node of shape.plan ? nodesOf(shape.plan) : []) {
      const table = tables.find(({ name }) => name === node.relation)
      if (node.type !== 'Seq Scan' || !table || table.rows < fewRows) continue
      if (node.rows > table.rows * largeShare) continue
      const columns = columnsIn(node, table)
      if (columns.length === 0 || columns.some((column) => table.indexed.has(column))) continue
      const names = columns.map((column) => `"${column}"`).join(', ')
      const statement = `CREATE INDEX CONCURRENTLY ON "${table.name}" (${names});`
      const known = found.get(statement)
      const evidence = [...(known?.evidence ?? []), shape]
      found.set(statement, { table, columns, statement, evidence, node: known?.node ?? node })
    }
  }
  const cost = ({ evidence }: MissingIndex) => evidence.reduce((sum, one) => sum + one.totalMs, 0)
  return [...found.values()].sort((a, b) => cost(b) - cost(a))
}

/** What the node compares with something. */
function columnsIn({ conditions }: PlanNode, { columns }: TableFacts): readonly string[] {
  const text = conditions.join(' ')
  return columns.filter((column) =>
    new RegExp(`(?<!\\w)"?${column}"?\\)?(?:::\\w+)? *(=|<|>|~~|IS )`).test(text),
  )
}

/** Indexes that cost each write and that nobody has scanned since statistics began, largest first. */
export function findUnusedIndexes(indexes: readonly IndexFacts[]): readonly IndexFacts[] {
  return indexes
    .filter(({ scans, isConstraint }) => scans === 0 && !isConstraint)
    .sort((a, b) => b.bytes - a.bytes)
}
