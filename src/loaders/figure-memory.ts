import type { Tag } from '../tags/tag.ts'

/** Figures as a statement gives them. */
export type Figures = readonly unknown[]

export interface WorkedOut {
  readonly figures: Figures
  /** How many rows were counted at most. */
  readonly rows: number
  /** All that they depend on. */
  readonly tags: () => Iterable<Tag>
}

/**
 * Figures that took many rows to work out, kept beside the answers that show them: an answer of one
 * viewer, or one that ends sooner, is then made without counting anew what has not changed.
 */
export interface FigureMemory {
  /**
   * What is right now of figures by these names; null where they are to be worked out. Null instead of
   * a promise: that is so of all. Never rejects.
   */
  recall(names: readonly string[]): null | Promise<readonly (Figures | null)[]>
  /** Offers what was worked out after `isOpen` was true. Nobody waits. */
  keep(name: string, worked: WorkedOut): void
  /** False: nothing is recalled, and nothing that is read from now on may be kept. */
  isOpen(): boolean
}
