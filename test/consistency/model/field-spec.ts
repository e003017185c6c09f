import type { Possible } from './figures.ts'
import type { Row } from './history.ts'
import type { Args, ListSpec } from './lists.ts'
import type { Rule } from './rules.ts'
import type { View } from './view.ts'

/** What a field answers, as far as the states that are possible decide it. */
export type FieldSpec = { readonly guard?: Rule } & (
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'one'; readonly model: string | null; readonly targets: FindTargets }
  | { readonly kind: 'list'; readonly list: ListSpec }
  /** The one member of a list, or null. */
  | { readonly kind: 'only'; readonly list: ListSpec }
  /** Another type's fields of the same row. */
  | { readonly kind: 'view'; readonly type: string }
  | { readonly kind: 'figure'; readonly possible: (subject: Subject) => Possible }
  | { readonly kind: 'figures'; readonly possible: (subject: Subject) => NamedFigures }
  | { readonly kind: 'leaderboard' }
)

export interface Subject {
  readonly view: View
  /** The raw id of the row whose field it is. */
  readonly id: string
  readonly args: Args
}

/** The rows that may be meant, null for none; each if its rule may hold. */
export type FindTargets = (subject: Subject, row: Row) => Target
export interface Target {
  readonly id: string | null
  readonly isVisible: boolean | 'ask'
  /** Whether the row is still the one that was asked for. @default yes */
  readonly isMeant?: (row: Row) => boolean
}

/** A list of figures, each with a name of its own in the answer; one that may be 0 may be absent. */
export interface NamedFigures {
  readonly nameField: string
  readonly valueField: string
  readonly figures: ReadonlyMap<string, Possible>
}
