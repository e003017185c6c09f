import type { GraphQLResolveInfo } from 'graphql'
import type { Row } from '../sql/decode.ts'
import type { AnswerPolicy } from './answer-policy.ts'
import type { LoaderContext } from './loader-context.ts'
import type { FieldNeeds } from './selection.ts'

/**
 * The part of Pothos that entities are built on, without its inference: entities infer from the
 * datamodel instead, and check what they hand over themselves.
 */
export interface PothosBuilder {
  objectRef(name: string): PothosRef
  interfaceRef(name: string): PothosRef
  enumType(name: string, options: object): PothosRef
  queryFields(fields: (t: PothosFields) => object): void
}

export interface PothosRef {
  readonly name: string
  implement(options: {
    readonly description: string
    readonly interfaces?: readonly PothosRef[]
    readonly extensions?: Extensions
    readonly resolveType?: (row: Row) => string | undefined
    readonly fields: (t: PothosFields) => object
  }): PothosRef
}

interface Extensions {
  readonly answerPolicy?: AnswerPolicy
}

export interface PothosFields {
  field(options: FieldOptions): object
  arg(options: object): object
}

export interface FieldOptions {
  readonly type: unknown
  readonly nullable: boolean | { readonly list: boolean; readonly items: boolean }
  readonly description: string
  readonly deprecationReason?: string | undefined
  readonly args?: Readonly<Record<string, object>>
  readonly extensions?: Extensions & { readonly loadline?: FieldNeeds }
  readonly resolve?: Resolve
}

export type Resolve = (
  parent: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, unknown>>,
  context: LoaderContext,
  info: GraphQLResolveInfo,
) => unknown
