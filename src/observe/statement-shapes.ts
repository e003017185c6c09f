import type { Listener } from './events.ts'
import type { NamedOperation } from './name-operation.ts'
import type { PlanNode } from './plan.ts'

/** What is known of a statement without its values. */
export interface ShapeFigures {
  readonly sql: string
  readonly runs: number
  readonly totalMs: number
  readonly longestMs: number
  readonly rows: number
  /** Some of the fields that it ran for. */
  readonly paths: readonly string[]
  /** Some of the operations that it ran for. */
  readonly operations: readonly string[]
  /** Of one slow run. */
  readonly plan: PlanNode | null
}

export interface StatementShapes {
  readonly listener: Listener
  /** Those that took the most time since the start, all their runs together. */
  slowest(count: number): readonly ShapeFigures[]
  keepPlan(sql: string, plan: PlanNode): void
}

interface Shape {
  readonly sql: string
  runs: number
  totalMs: number
  longestMs: number
  rows: number
  readonly paths: Set<string>
  readonly operations: Set<string>
  plan: PlanNode | null
}

const mostShapes = 400
const mostNames = 5

/** Adds up statements by their text. When there are too many, the quicker half is forgotten. */
export function createStatementShapes(
  labelOf: (operation: NamedOperation | null) => string,
): StatementShapes {
  const shapes = new Map<string, Shape>()

  function find(sql: string): Shape {
    const known = shapes.get(sql)
    if (known) return known
    if (shapes.size >= mostShapes) {
      for (const { sql: quick } of sorted().slice(mostShapes / 2)) shapes.delete(quick)
    }
    const made: Shape = {
      ...{ sql, runs: 0, totalMs: 0, longestMs: 0, rows: 0, plan: null },
      paths: new Set(),
      operations: new Set(),
    }
    shapes.set(sql, made)
    return made
  }

  function sorted(): readonly Shape[] {
    return [...shapes.values()].sort((a, b) => b.totalMs - a.totalMs)
  }

  return {
    listener: {
      statementEnded(facts, { statement, ms, rows, paths }) {
        const shape = find(statement.text)
        shape.runs += 1
        shape.totalMs += ms
        shape.rows += rows
        if (ms > shape.longestMs) shape.longestMs = ms
        for (const path of paths) keepSome(shape.paths, path)
        const isKnown = shape.operations.size >= mostNames || !facts?.operation
        if (!isKnown) shape.operations.add(labelOf(facts.operation))
      },
    },
    slowest: (count) =>
      sorted()
        .slice(0, count)
        .map((shape) => ({
          ...shape,
          totalMs: round(shape.totalMs),
          longestMs: round(shape.longestMs),
          paths: [...shape.paths],
          operations: [...shape.operations],
        })),
    keepPlan(sql, plan) {
      const shape = shapes.get(sql)
      if (shape) shape.plan = plan
    },
  }
}

function keepSome(names: Set<string>, name: string): void {
  if (names.size < mostNames) names.add(name)
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
