/**
 * Three-valued logic (Kleene's strong one): while a write is under way, whether a row is in a list is
 * not known, and whatever follows from it is not known either.
 */
export type Tri = 0 | 1 | 2

export const no: Tri = 0
export const maybe: Tri = 1
export const yes: Tri = 2

export function whether(condition: boolean): Tri {
  return condition ? yes : no
}

/** Asked from left to right until one says no. */
export function every(...parts: readonly (Tri | (() => Tri))[]): Tri {
  let least: Tri = yes
  for (const part of parts) {
    const tri = typeof part === 'function' ? part() : part
    if (tri === no) return no
    if (tri < least) least = tri
  }
  return least
}

/** Asked from left to right until one says yes. */
export function some(...parts: readonly (Tri | (() => Tri))[]): Tri {
  let most: Tri = no
  for (const part of parts) {
    const tri = typeof part === 'function' ? part() : part
    if (tri === yes) return yes
    if (tri > most) most = tri
  }
  return most
}

/** What holds of something of which only the possible states are known. */
export function over<State>(states: readonly State[], ask: (state: State) => Tri): Tri {
  const [first, ...rest] = states
  if (first === undefined && rest.length === 0 && states.length === 0) return no
  // The first is there; it may be undefined only if State is.
  let found = ask(first as State)
  for (const state of rest) {
    if (found === maybe) return maybe
    if (ask(state) !== found) found = maybe
  }
  return found
}
