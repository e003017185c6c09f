import type { Cancellation } from '../sql/cancellation.ts'
import type { Flights, Hold, Landed, OwnFlight } from './flights.ts'
import { listKeys, type Scope, type ScopedKeys } from './store.ts'

export interface Boarding {
  /** What is asked, whatever the variables: its last answer tells who may wait for whom. */
  readonly document: string
  readonly keys: ScopedKeys
  /** When the look-up that missed was begun, by the clock of `performance.now`. */
  readonly missedAtMs: number
  /** Whether an answer of this request could be stored at all. */
  readonly canLead: boolean
  /** Looks for the answer once more; true when it is there. */
  readonly lookAgain: () => Promise<boolean>
  readonly signal: Cancellation | undefined
  readonly hold: Hold
}

/**
 * - `found`: another flight has landed meanwhile, and the store has its answer
 * - `joined`: the answer of another's flight, which the store has accepted under a key of ours
 * - `lead`: to be computed by this request, for whoever joins
 * - `alone`: to be computed by this request, for itself
 */
export type Boarded =
  | { readonly as: 'found' | 'alone' }
  | { readonly as: 'joined'; readonly landed: Landed }
  | { readonly as: 'lead'; readonly flight: OwnFlight }

/** Who waited so often for what could not be shared computes it without waiting. */
const mostRounds = 3

export async function boardFlight(flights: Flights, boarding: Boarding): Promise<Boarded> {
  const { document, keys, canLead, lookAgain, signal, hold } = boarding
  let { missedAtMs } = boarding
  for (let round = 0; round < mostRounds; round += 1) {
    const scope = flights.scopeOf(document)
    // Its last answer could not be stored.
    if (scope === null) break
    const key = keyUnder(keys, scope)
    const flight = flights.find(key)
    if (flight) {
      const landed = await flight.join(signal)
      if (landed && listKeys(keys).some((own) => own.key === landed.key)) {
        return { as: 'joined', landed }
      }
    } else if (!canLead) {
      break
    } else if (await flights.hasLanded(key, missedAtMs)) {
      missedAtMs = performance.now()
      if (await lookAgain()) return { as: 'found' }
    } else if (!flights.find(key)) {
      return { as: 'lead', flight: flights.begin(key, hold) }
    }
  }
  return { as: 'alone' }
}

/** The narrowest where nothing is known: who asks the same as the same viewer is told the same. */
function keyUnder(keys: ScopedKeys, scope: Scope | undefined): string {
  const narrowest = keys.own ?? keys.role ?? keys.public
  return scope === undefined ? narrowest : (keys[scope] ?? narrowest)
}
