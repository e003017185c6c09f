import { hash } from 'node:crypto'
import { AppError, type ErrorCode } from '../errors.ts'

/** One line of the table: what may be asked for at most, and why so much and no more. */
export interface Limit {
  /** Under `NODE_ENV=production`, and in development too where there is no `development`. */
  readonly default: number
  /** What a developer alone with the server needs, who is not to be kept from anything. */
  readonly development?: number
  readonly unit: string
  readonly reason: string
}

/**
 * Every limit there is. Each can be set by its name: `LOADLINE_LIMITS="depth=12,cost=8000"`.
 * `docs/guard.md` shows this table.
 */
export const limitTable = {
  bodyBytes: {
    default: 262_144,
    unit: 'bytes',
    reason: 'An import of 1,000 rows has 120,000; nothing larger is ever sent.',
  },
  batch: {
    default: 1,
    unit: 'operations in one request',
    reason: 'Below 2 lists of operations are refused: one document asks for many things already.',
  },
  documentBytes: {
    default: 32_768,
    unit: 'bytes',
    reason: 'The largest document of the SDK has 900.',
  },
  tokens: {
    default: 2_000,
    unit: 'tokens of the document',
    reason: 'The largest screen has 160, the query of GraphiQL for the schema 185.',
  },
  depth: {
    default: 18,
    unit: 'fields within each other',
    reason: 'The deepest screen has 8, the query of GraphiQL for the schema 15.',
  },
  selections: {
    default: 1_000,
    unit: 'fields and fragments, those of a fragment wherever it is spread',
    reason:
      'The largest screen has 65, the query of GraphiQL for the schema 240. Later work grows with it.',
  },
  aliases: {
    default: 60,
    unit: 'fields under another name, fragments followed',
    reason: 'A dashboard of several lists of one kind has a dozen.',
  },
  rootFields: {
    default: 40,
    unit: 'fields of the operation itself',
    reason: 'No screen asks more than 2 things at once; a client that joins queries, 30.',
  },
  directives: {
    default: 60,
    unit: 'directives, fragments followed',
    reason: 'Only @skip and @include have a meaning here.',
  },
  variableBytes: {
    default: 200_000,
    unit: 'characters in all names and texts of the variables',
    reason: 'An import of 1,000 rows has 120,000.',
  },
  variableValues: {
    default: 10_000,
    unit: 'values in the variables',
    reason: 'An import of 1,000 rows has 5,000.',
  },
  variableDepth: {
    default: 10,
    unit: 'objects and lists within each other',
    reason: 'The deepest input has 3.',
  },
  cost: {
    default: 6_000,
    unit: 'rows that the operation may read at worst',
    reason: 'The most expensive screen may read 900, an import of 1,000 rows 5,000.',
  },
  values: {
    default: 50_000,
    unit: 'values that the answer may have at worst',
    reason:
      'Rows shown under many aliases fill memory. Screens have 1,000, the schema itself 28,000.',
  },
  requestMs: {
    default: 10_000,
    unit: 'ms from the headers of a request to its answer',
    reason: 'Nobody waits longer; a statement still running is cancelled.',
  },
  executions: {
    default: 20,
    development: 100,
    unit: 'operations that run at a time in a process',
    reason:
      'As many as there are connections: small ones that come together share a write, and get a sixth more done than with 10. Large ones are held by `rowsAtATime`.',
  },
  executionsPerViewer: {
    default: 4,
    development: 100,
    unit: 'operations of one viewer that run at a time in a process',
    reason:
      'Of six parallel requests two wait a little. Who goes on so shares them with whoever else asks, down to 1: with 4 the others took 4.5 times as long, with 1 twice, and one alone would get half as much done.',
  },
  rowsAtATime: {
    default: 10_000,
    development: 1_000_000,
    unit: 'rows that all operations running at a time in a process may read at worst',
    reason:
      'Four pages of pages, or ten dashboards. Each collection of young objects copies what they hold: twenty such pages at a time take twice the CPU each, and are not answered sooner.',
  },
  connectionsPerViewer: {
    default: 10,
    development: 100,
    unit: 'statements of one viewer that run at a time in a process',
    reason: 'Half of the pool, with the transactions of its 4 mutations 14 of 20.',
  },
  queued: {
    default: 100,
    development: 10_000,
    unit: 'operations that wait for their turn in a process',
    reason: 'Bounds their memory; before that `queueMs` counts, unless they take 10 ms.',
  },
  queueMs: {
    default: 100,
    development: 60_000,
    unit: 'ms that an operation waits for its turn',
    reason: 'Who would wait longer is refused at once; so who is let in is answered soon.',
  },
  loopDelayMs: {
    default: 200,
    development: 10_000,
    unit: 'ms by which the event loop is late',
    reason: 'An idle process is late by 10, a process at its limit by 50.',
  },
  pipelined: {
    default: 100,
    unit: 'requests of a connection that wait for the answers to those before them',
    reason: 'Browsers send none ahead, load generators ten. Who sends more is cut off.',
  },
  readMs: {
    default: 60_000,
    unit: 'ms in which a client takes its answer',
    reason:
      '1 MB over a line of 20 KB/s; the longest screen has 20 KB. Who takes longer is cut off.',
  },
  unreadBytes: {
    default: 67_108_864,
    unit: 'bytes of answers that clients have not taken yet in a process',
    reason: 'Memory: beyond it those are cut off whose answers have been waiting the longest.',
  },
  rate: {
    default: 30_000,
    development: 10_000_000,
    unit: 'rows a minute for each viewer, anonymous ones by their address; all at once if need be',
    reason: 'A page every two seconds, each of its own and expensive; or 500 cached ones a second.',
  },
} as const satisfies Readonly<Record<string, Limit>>

export type LimitName = keyof typeof limitTable

export type Limits = Readonly<Record<LimitName, number>>

export interface CreateLimitsOptions {
  readonly production: boolean
  readonly overrides?: Readonly<Partial<Limits>>
}

export function createLimits({ production, overrides = {} }: CreateLimitsOptions): Limits {
  const limits = Object.entries<Limit>(limitTable).map(([name, limit]) => {
    const fallback = production ? limit.default : (limit.development ?? limit.default)
    return [name, fallback]
  })
  // The names are those of the table.
  return { ...(Object.fromEntries(limits) as Limits), ...overrides }
}

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(limitTable, name)
}

/** The limits that decide from document and variables alone whether an operation may run. */
const ofDocuments = [
  ...(['documentBytes', 'tokens', 'depth', 'selections', 'aliases', 'rootFields'] as const),
  ...([
    'directives',
    'variableBytes',
    'variableValues',
    'variableDepth',
    'cost',
    'values',
  ] as const),
] satisfies readonly LimitName[]

/**
 * What the keys of kept answers must change with: an answer that was allowed under other limits is
 * not served without asking again.
 */
export function digestLimits(limits: Limits): string {
  const text = ofDocuments.map((name) => `${name}=${limits[name]}`).join()
  return hash('sha256', text, 'base64url').slice(0, 16)
}

export interface Excess {
  readonly limit: LimitName
  readonly max: number
  /** What came; undefined where counting stopped at the limit. */
  readonly got?: number
  /** @default LIMIT_EXCEEDED */
  readonly code?: ErrorCode
  /** Continues the message. */
  readonly hint?: string
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** The error for a request that is too much: which limit, how much it is, and how much came. */
export function exceeded({ limit, max, got, code, hint, extensions }: Excess): AppError {
  const came = got === undefined ? 'more' : printCount(got)
  const message = `The limit "${limit}" is ${max} ${limitTable[limit].unit}, got ${came}${hint ?? ''}`
  return new AppError(code ?? 'LIMIT_EXCEEDED', message, {
    extensions: { limit, max, ...(got === undefined ? {} : { got: finite(got) }), ...extensions },
  })
}

/** A fragment bomb counts up to where numbers end, and JSON has no Infinity. */
function finite(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}

function printCount(count: number): string {
  return count > Number.MAX_SAFE_INTEGER ? 'more than can be counted' : String(count)
}
