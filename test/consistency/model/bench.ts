import type { Asked } from './document.ts'
import type { Args } from './lists.ts'
import type { View } from './view.ts'

/** One answer as it came. */
export interface Answer {
  readonly document: string
  readonly variables: Args
  readonly viewerId: string | null
  readonly data: unknown
  readonly errors: readonly AnswerError[]
}

export interface AnswerError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string }
}

/** Something in an answer that no order of the writes explains. */
export interface Fault {
  readonly path: string
  readonly expected: string
  readonly got: string
  /** The rows that it is about, as `Model:id`. */
  readonly rows: readonly string[]
}

/** What every part of the judgement is given. */
export interface Bench {
  readonly view: View
  readonly variables: Args
  readonly forbidden: ReadonlySet<string>
  report(fault: Fault): void
  object(type: string, id: string, place: Place): void
}

export interface Place {
  readonly asked: readonly Asked[]
  readonly value: unknown
  readonly path: string
}

/** A field of an object in an answer; undefined when it is none. */
export function read(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined
}

/** Times as fixed-width text, however many digits were sent. */
export function timed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00(?::00)?)$/.exec(
    value,
  )
  return match ? `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}Z` : value
}

export function either(values: readonly unknown[]): string {
  return [...new Set(values.map(brief))].join(' or ')
}

export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
