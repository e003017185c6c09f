import type { History, Row } from './history.ts'
import { every, no, over, some, type Tri, whether } from './kleene.ts'

/** When a request was sent and when its answer had come. */
export interface Window {
  readonly startMs: number
  readonly endMs: number
}

/** What one viewer may have been shown of the world in one window. */
export interface View {
  /** The viewer's raw id; null: nobody is signed in. */
  readonly viewerId: string | null
  /**
   * What a row may have been: its last state that was acknowledged before the window began, and all
   * that were begun before it ended.
   */
  possible(model: string, id: string): readonly (Row | null)[]
  /** Whether a row is there and something holds of it. */
  one(model: string, id: string, holds: (row: Row) => Tri): Tri
  /** Whether it holds of some row that has the value in the column. */
  some(model: string, column: string, value: unknown, holds: (row: Row) => Tri): Tri
  related(model: string, column: string, value: unknown): readonly string[]
  ids(model: string): Iterable<string>
  isRole(role: string): Tri
}

export function createView(history: History, viewerId: string | null, window: Window): View {
  const { startMs, endMs } = window
  const roles =
    viewerId === null ? [] : possible('User', viewerId).map((user) => user?.role ?? 'NOBODY')

  function possible(model: string, id: string): readonly (Row | null)[] {
    const versions = history.versions(model, id)
    const last = versions.at(-1)
    if (!last) return [null]
    if (last.operation.ackedMs <= startMs) return [last.row]
    let base = versions.length - 1
    while (base >= 0 && (versions[base]?.operation.ackedMs ?? 0) > startMs) base -= 1
    const later = versions.slice(base + 1).filter(({ operation }) => operation.begunMs <= endMs)
    return [versions[base]?.row ?? null, ...later.map(({ row }) => row)]
  }

  function one(model: string, id: string, holds: (row: Row) => Tri): Tri {
    return over(possible(model, id), (row) => (row === null ? no : holds(row)))
  }

  return {
    viewerId,
    possible,
    one,
    some(model, column, value, holds) {
      let most: Tri = no
      for (const id of history.related(model, column, value)) {
        const found = one(model, id, (row) =>
          every(whether(row[column] === value), () => holds(row)),
        )
        most = some(most, found)
        if (most === 2) return most
      }
      return most
    },
    related: (model, column, value) => [...history.related(model, column, value)],
    ids: (model) => history.ids(model),
    isRole: (role) => over(roles, (found) => whether(found === role)),
  }
}
