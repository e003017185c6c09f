import type { Arena } from '../harness/arena.ts'
import type { Random } from '../workload/random.ts'

/** Something that goes wrong for some seconds, and is mended again. */
export type Trouble = (arena: Arena, random: Random) => Promise<void>
