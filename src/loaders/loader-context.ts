import type { Viewer } from '../guard/viewer.ts'
import type { ReadSet } from '../tags/read-set.ts'
import type { Loaders } from './loaders.ts'

/** What the loaders' fields need of a request's context. */
export interface LoaderContext {
  readonly viewer: Viewer
  readonly loaders: Loaders
  /** What the loaders leave tags in. */
  readonly readSet: Pick<ReadSet, 'forbid'>
}
