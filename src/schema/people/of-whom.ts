import { globalId, maybe } from '../input-values.ts'

/** The input field by which an admin does for somebody else what everybody does for themselves. */
export function ofWhom() {
  return maybe(globalId('User')).describe(
    'Whose; the viewer when left out. Only admins may name somebody else.',
  )
}
