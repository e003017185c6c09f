import { hits } from './hits.ts'
import { reads } from './reads.ts'
import { screens } from './screens.ts'
import type { Workload } from './workload.ts'
import { writes } from './writes.ts'

/** All that is asked, by name. */
export const workloads: Readonly<Record<string, Workload>> = {
  ...reads,
  ...screens,
  ...writes,
  ...hits,
}
