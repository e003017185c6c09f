import type { WriteAnnouncer } from './cache/announce-writes.ts'
import type { RequestCache } from './cache/request-cache.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import type { Deadline } from './guard/deadline.ts'
import type { GuardedRequest } from './guard/guard-requests.ts'
import type { Viewer } from './guard/viewer.ts'
import type { Now } from './loaders/clock.ts'
import type { Loaders } from './loaders/loaders.ts'
import type { Logger } from './observe/logger.ts'
import type { RequestFacts } from './observe/request-facts.ts'
import type { Cancellation } from './sql/cancellation.ts'
import type { Queryable } from './sql/database.ts'
import type { Tally } from './sql/tally.ts'
import type { ReadSet } from './tags/read-set.ts'

/** What every resolver is given: the things that belong to one request. */
export interface Context {
  /** Who is asking; every question is recorded. */
  readonly viewer: Viewer
  /** All reads, batched. A mutation that has committed puts fresh ones here: they saw nothing before. */
  loaders: Loaders
  /** Fresh loaders for this request, on the pool or inside a transaction. */
  readonly createLoaders: (queryable?: Queryable) => Loaders
  /** All writes. What it reads leaves no tags, so the answer to a query that touches it is not stored. */
  readonly prisma: PrismaClient
  /** Makes writes known before they are acknowledged; null when no cache is kept that could be wrong. */
  readonly announcer: WriteAnnouncer | null
  /** For the plugin that answers from the cache; null when this request is answered without. */
  readonly cache: RequestCache | null
  /** Lets the operation run when it is its turn. Not its database, around which loaders stand. */
  readonly guard: Pick<GuardedRequest, 'admit'> & Pick<Deadline, 'signal' | 'hold'>
  /** The time. There is no other clock: an answer that depends on it ends at the next boundary. */
  readonly now: Now
  /** What the answer depends on so far. */
  readonly readSet: ReadSet
  /** For those who are told of it. */
  readonly facts: RequestFacts
  /** What was run for this request, and what it cost. */
  readonly tally: Tally
  readonly requestId: string
  /** Puts the request id on every line. */
  readonly log: Logger
  /** Aborted when the client hangs up. */
  readonly signal: Cancellation
}

/** What a context is made of. */
export interface ContextParts extends Omit<Context, 'loaders' | 'log'> {
  /** Of the process: the request's own is made of it when somebody writes a line. */
  readonly log: Logger
}

export function createContext(parts: ContextParts): Context {
  return new RequestContext(parts)
}

/** A class, as what few requests ask for is made when they do. */
class RequestContext implements Context {
  readonly viewer: Viewer
  loaders: Loaders
  readonly createLoaders: Context['createLoaders']
  readonly announcer: WriteAnnouncer | null
  readonly cache: RequestCache | null
  readonly guard: Context['guard']
  readonly now: Now
  readonly readSet: ReadSet
  readonly facts: RequestFacts
  readonly tally: Tally
  readonly requestId: string
  readonly signal: Cancellation
  readonly #prisma: PrismaClient
  readonly #processLog: Logger
  #log: Logger | null = null

  constructor(parts: ContextParts) {
    this.viewer = parts.viewer
    this.createLoaders = parts.createLoaders
    this.announcer = parts.announcer
    this.cache = parts.cache
    this.guard = parts.guard
    this.now = parts.now
    this.readSet = parts.readSet
    this.facts = parts.facts
    this.tally = parts.tally
    this.requestId = parts.requestId
    this.signal = parts.signal
    this.loaders = parts.createLoaders()
    this.#prisma = parts.prisma
    this.#processLog = parts.log
  }

  get prisma(): PrismaClient {
    this.readSet.forbid('context.prisma was used, which leaves no tags')
    return this.#prisma
  }

  get log(): Logger {
    this.#log ??= this.#processLog.child({ requestId: this.requestId })
    return this.#log
  }
}
