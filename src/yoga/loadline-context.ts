import type { RequestCache } from '../cache/request-cache.ts'
import type { Viewer } from '../guard/viewer.ts'
import type { Now } from '../loaders/clock.ts'
import type { LoaderContext } from '../loaders/loader-context.ts'
import type { Loaders } from '../loaders/loaders.ts'
import type { Reader } from '../loaders/reader.ts'
import type { Tally } from '../sql/tally.ts'
import type { ReadSet } from '../tags/read-set.ts'

/** What resolvers find in Yoga's context, one of each for each operation. */
export interface LoadlineContext<Client = unknown> extends LoaderContext {
  /** Who is asking; every question is recorded. */
  readonly viewer: Viewer
  /** All reads, batched. Fresh ones stand here after each field of a mutation: they saw nothing before. */
  loaders: Loaders
  /** All writes. What it reads leaves no tags, so the answer to a query that touches it is not stored. */
  readonly prisma: Client
  /** Statements by hand, which name the tags of what they read. */
  readonly reader: Reader
  /** The time. There is no other clock: an answer that depends on it ends at the next boundary. */
  readonly now: Now
  /** What the answer depends on so far. */
  readonly readSet: ReadSet
  /** What was run for the operation, and what it cost. */
  readonly tally: Tally
  /** For the plugin that answers from the cache. */
  readonly cache: RequestCache
}

/** What a context begins with, beside what Yoga has put there. */
export interface ContextParts<Client> extends Omit<LoadlineContext<Client>, 'loaders'> {
  readonly createLoaders: () => Loaders
}

/** Puts the parts into Yoga's context, with a Prisma client that tells of its use. */
export function fillContext<Client>(context: object, parts: ContextParts<Client>): void {
  const { prisma, createLoaders, ...given } = parts
  Object.assign(context, given, { loaders: createLoaders(), [fresh]: createLoaders })
  Object.defineProperty(context, 'prisma', {
    configurable: true,
    get: () => {
      parts.readSet.forbid('context.prisma was used, which leaves no tags')
      return prisma
    },
  })
}

/** What was read before a write says how things were. */
export function renewLoaders(context: object): void {
  const held: { loaders?: Loaders; readonly [fresh]?: () => Loaders } = context
  if (held[fresh]) held.loaders = held[fresh]()
}

const fresh = Symbol('createLoaders')
