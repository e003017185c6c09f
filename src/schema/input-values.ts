import { z } from 'zod'
import { datamodel } from '../generated/datamodel.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { createKeyParser, decodeGlobalId } from '../loaders/global-id.ts'
import { getModel } from '../sql/datamodel.ts'
import { declareInput, type InputFields, type InputType, typed, typedAs } from './input-type.ts'

/** Says what is wrong with a value, continuing the field's name; undefined when nothing is. */
type Fault = string | undefined

/** A text without its outer blanks, of 1 to `max` characters (0 with `mayBeEmpty`). */
export function text(max: number, { mayBeEmpty = false } = {}) {
  return typed('String', parsed(trimmed(max, mayBeEmpty)))
}

/** An e-mail address in lower case. */
export function email() {
  return typed('String', parsed(trimmed(254), lowerCased, checkEmail))
}

/** The name of something in web addresses: lower case letters, digits and single hyphens. */
export function slug() {
  return typed('String', parsed(trimmed(80), matching(/^[a-z0-9]+(-[a-z0-9]+)*$/, slugFault)))
}

/** An absolute address of the web. */
export function url() {
  return typed('String', parsed(trimmed(2_048), checkUrl))
}

/** The name of an IANA time zone. */
export function timezone() {
  return typed('String', parsed(trimmed(64), checkTimezone))
}

/** A BCP 47 language tag, in its canonical form. */
export function language() {
  return typed('String', parsed(trimmed(35), canonicalLanguage))
}

/** Three letters of ISO 4217. */
export function currency() {
  return typed('String', parsed(trimmed(3), checkCurrency))
}

/** The largest amount, in cents: a million; far below what an `integer` column holds. */
const maxCents = 100_000_000

/** An amount in hundredths of its currency, never negative. */
export function money() {
  return integer(0, maxCents)
}

export function integer(min: number, max: number) {
  const fault = (value: number): Fault =>
    value < min || value > max
      ? `must be from ${count(min)} to ${count(max)}, got ${value}`
      : undefined
  return typed('Int', z.number().transform(orFault(fault)))
}

/** A share of the whole. */
export function progress() {
  const fault = (value: number): Fault =>
    value >= 0 && value <= 1 ? undefined : `must be from 0 to 1, got ${value}`
  return typed('Float', z.number().transform(orFault(fault)))
}

export function flag() {
  return typed('Boolean', z.boolean())
}

/** A time in UTC with all its microseconds, so that two of them compare as text. */
export function dateTime() {
  return typed('DateTime', parsed(toUtcMicroseconds))
}

/** The raw id out of the global id of an entity, which must be of this type. */
export function globalId(type: Prisma.ModelName) {
  const parseKey = createKeyParser(datamodel, getModel(datamodel, type))
  const step: Step = (value) => {
    const decoded = decodeGlobalId(value)
    const [id] = (decoded?.typeName === type && parseKey(decoded.key)) || []
    if (id !== undefined) return id
    const got =
      decoded && decoded.typeName !== type ? `that of a ${decoded.typeName}` : quote(value)
    return problem(`must be the id of a ${type}, got ${got}`)
  }
  return typed('ID', parsed(step))
}

/** One of an enum's values; GraphQL has checked which. */
export function choice<Value extends string>(type: InputType & { readonly $inferInput: Value }) {
  return typed(
    type,
    z.custom<Value>((value) => typeof value === 'string'),
  )
}

/**
 * A value that may be left out, where null means the same. (Where it does not, as in an update that
 * keeps what is left out, use `optional` or `nullish` of the value.)
 */
export function maybe<Schema extends z.ZodType>(schema: Schema) {
  const given = schema.nullish().transform((value) => value ?? undefined)
  return typedAs(schema, { required: false }, given)
}

/** A list of `min` (1 by default) to `max` values. */
export function list<Item extends z.ZodType>(
  item: Item,
  { min = 1, max }: { readonly min?: number; readonly max: number },
) {
  const fault = (items: readonly unknown[]): Fault =>
    items.length < min || items.length > max
      ? `must have from ${min} to ${count(max)} entries, got ${count(items.length)}`
      : undefined
  // The size first: nobody wants to read what is wrong in each of too many rows.
  const sized = z.array(z.unknown()).transform(orFault(fault))
  return typedAs(item, { isList: true }, sized.pipe(z.array(item)))
}

/** An object with fields of its own, which becomes the input type `name`. */
export function record<Fields extends InputFields>(
  name: string,
  description: string,
  fields: Fields,
) {
  return typed(declareInput(name, description, fields), z.object(fields))
}

interface Problem {
  readonly fault: string
}

type Step = (value: string) => string | Problem

function problem(fault: string): Problem {
  return { fault }
}

/** Runs a text through steps, each of which gives it on, changed or not, or finds a problem. */
function parsed(...steps: readonly Step[]) {
  return z.string().transform((raw, context) => {
    let value = raw
    for (const step of steps) {
      const next = step(value)
      if (typeof next !== 'string') {
        context.addIssue(next.fault)
        return z.NEVER
      }
      value = next
    }
    return value
  })
}

function orFault<T>(find: (value: T) => Fault) {
  return (value: T, context: z.RefinementCtx): T => {
    const fault = find(value)
    if (fault !== undefined) context.addIssue(fault)
    return value
  }
}

function trimmed(max: number, mayBeEmpty = false): Step {
  return (raw) => {
    if (raw.includes('\0')) return problem('must not contain a NUL character')
    if (/\p{Surrogate}/u.test(raw)) return problem('must not contain half a character')
    const value = raw.trim()
    if (value === '' && !mayBeEmpty) return problem('must not be empty')
    const length = [...value].length
    if (length <= max) return value
    return problem(`must be at most ${count(max)} characters long, got ${count(length)}`)
  }
}

const lowerCased: Step = (value) => value.toLowerCase()

const slugFault = 'must be lower case letters, digits and single hyphens, like "first-steps-2"'

function matching(pattern: RegExp, fault: string): Step {
  return (value) => (pattern.test(value) ? value : problem(`${fault}, got ${quote(value)}`))
}

// As HTML's <input type="email">, but the domain needs a dot: what others accept, we accept.
const emailPattern =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/

const checkEmail = matching(emailPattern, 'must be an e-mail address')

const checkUrl: Step = (value) => {
  const { protocol } = URL.canParse(value) ? new URL(value) : { protocol: null }
  if (protocol === 'https:' || protocol === 'http:') return value
  return problem(`must be an address that begins with https:// or http://, got ${quote(value)}`)
}

const checkTimezone: Step = (value) => {
  const fault = problem(`must be a time zone like "Europe/Berlin", got ${quote(value)}`)
  if (!/^[A-Za-z]/.test(value)) return fault
  return attempt(() => new Intl.DateTimeFormat('en', { timeZone: value })) ? value : fault
}

const canonicalLanguage: Step = (value) =>
  attempt(() => Intl.getCanonicalLocales(value)[0]) ??
  problem(`must be a language tag like "en" or "pt-BR", got ${quote(value)}`)

const currencies = new Set(Intl.supportedValuesOf('currency'))

const checkCurrency: Step = (value) =>
  currencies.has(value)
    ? value
    : problem(`must be three letters of ISO 4217, like "EUR", got ${quote(value)}`)

/** Of a text that the scalar has checked. */
const toUtcMicroseconds: Step = (value) => {
  const [, fraction = ''] = /\.(\d+)/.exec(value) ?? []
  return `${new Date(value).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}Z`
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function count(value: number): string {
  return value.toLocaleString('en')
}

/** What came, shortened: enough to recognise it. */
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
