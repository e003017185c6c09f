import type { History, Row } from '../model/history.ts'
import type { Random } from './random.ts'

/** Rows as they are known now, for choosing what to read and write; they may be gone a moment later. */
export interface Cast {
  /** Latest rows of a model that exist and fit. */
  rows(model: string, fits?: (row: Row) => boolean): readonly Row[]
  /** One of them, the older the more often; null when there is none. */
  find(random: Random, model: string, fits?: (row: Row) => boolean): Row | null
}

export function createCast(history: History): Cast {
  const rows: Cast['rows'] = (model, fits = () => true) =>
    [...history.ids(model)].flatMap((id) => {
      const row = history.versions(model, id).at(-1)?.row
      return row && fits(row) ? [row] : []
    })
  return {
    rows,
    find(random, model, fits) {
      const found = rows(model, fits)
      return found.length === 0 ? null : random.favour(found)
    },
  }
}

/** A row's id as clients know it. */
export function globalIdOf(model: string, row: Row): string {
  return Buffer.from(`${model}:${row.id}`).toString('base64url')
}
