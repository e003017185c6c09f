import { AppError, type ErrorCode } from '../errors.ts'

/**
 * What a failure of the database means to a client, without a word of the driver's; null for one that
 * is a bug of ours, and for anything that is not from the database.
 *
 * Understands errors of Prisma (through both driver adapters) and those of our own statements. Fields
 * are read off the names that Prisma gives to constraints: `Table_column_column_key`.
 */
export function explainDatabaseError(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null
  const fault = readFault(error)
  const known = byState(fault) ?? byPrismaCode(fault) ?? byConnection(fault)
  if (!known) return null
  const { code, message, field } = known
  return new AppError(code, message, { cause: error, ...(field ? { field } : {}) })
}

interface Fault {
  /** SQLSTATE, empty when the database never spoke. */
  readonly state: string
  /** Prisma's own code, or the operating system's. */
  readonly code: string
  /** The driver's words; to be searched, never shown. */
  readonly text: string
  readonly model: string
  readonly fields: readonly string[]
}

interface Explanation {
  readonly code: ErrorCode
  readonly message: string
  readonly field?: string
}

const sqlState = /^[0-9A-Z]{5}$/

function readFault(error: Error): Fault {
  const code = textAt(error, 'code')
  const meta = at(error, 'meta')
  // Where Prisma 7 puts what the driver said; errors of our own statements carry it themselves.
  const cause = at(at(meta, 'driverAdapterError'), 'cause')
  const state = textAt(cause, 'originalCode') || (/^P\d{4}$/.test(code) ? '' : code)
  const text = textAt(cause, 'originalMessage') || error.message
  return {
    state: sqlState.test(state) ? state : '',
    code,
    text,
    model: textAt(meta, 'modelName'),
    fields: readFields(at(cause, 'constraint')) ?? readConstraintName(text),
  }
}

function readFields(constraint: unknown): readonly string[] | null {
  const fields = at(constraint, 'fields')
  return Array.isArray(fields) ? fields.map((name) => String(name).replaceAll('"', '')) : null
}

function readConstraintName(text: string): readonly string[] {
  const name = / constraint "([^"]+)"/.exec(text)?.[1] ?? ''
  const columns = /^[^_]+_(.+)_(?:key|fkey|check|pkey)$/.exec(name)?.[1]
  return columns?.split('_') ?? []
}

function byState({ state, text, fields }: Fault): Explanation | null {
  const names = fields.join(' and ')
  const at = fields.length > 0 ? { field: fields.join(',') } : {}
  switch (state) {
    case '23505':
      return { code: 'CONFLICT', message: `Another one has the same ${names || 'key'}`, ...at }
    case '23001':
      return { code: 'CONFLICT', message: 'It cannot go while others refer to it' }
    case '23503':
      return text.startsWith('update or delete')
        ? { code: 'CONFLICT', message: 'It cannot go while others refer to it' }
        : { code: 'BAD_USER_INPUT', message: `Nothing has this ${names || 'id'}`, ...at }
    case '23502':
    case '23514':
      return {
        code: 'BAD_USER_INPUT',
        message: `The value of ${names || 'a field'} is not allowed`,
        ...at,
      }
    case '22021':
    case '22P05':
      return { code: 'BAD_USER_INPUT', message: 'Text may not contain the NUL character' }
    case '22001':
    case '22003':
    case '22007':
    case '22008':
    case '22P02':
      return { code: 'BAD_USER_INPUT', message: 'A value is out of range or malformed' }
    case '40001':
    case '40P01':
    case '55P03':
      return conflict
    case '57014':
      return { code: 'REQUEST_TIMEOUT', message: 'The database took too long to answer this' }
    // The database itself is being replaced, as by a restored one.
    case '3D000':
      return unavailable
    case '55000':
      return text.endsWith('is not currently accepting connections') ? unavailable : null
    default:
      return /^(08|53|57P)/.test(state) ? unavailable : null
  }
}

function byPrismaCode({ state, code, model }: Fault): Explanation | null {
  if (state !== '') return null
  switch (code) {
    case 'P2025':
      return { code: 'NOT_FOUND', message: `This ${model || 'record'} does not exist` }
    case 'P2034':
      return conflict
    case 'P1001':
    case 'P1002':
    case 'P1008':
    case 'P1017':
    case 'P2024':
    case 'P2028':
    case 'P2037':
      return unavailable
    default:
      return null
  }
}

function byConnection({ state, code, text }: Fault): Explanation | null {
  if (state !== '') return null
  const isBroken =
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code) ||
    lostConnection.test(text)
  return isBroken ? unavailable : null
}

/** As pg words it, which gives these no code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

const conflict: Explanation = {
  code: 'CONFLICT',
  message: 'Somebody else changed the same things at the same time; try again',
}

const unavailable: Explanation = {
  code: 'SERVICE_UNAVAILABLE',
  message: 'The database cannot be reached now; try again in a moment',
}

function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Reflect.get(value, key)
}

function textAt(value: unknown, key: string): string {
  const found = at(value, key)
  return typeof found === 'string' ? found : ''
}
