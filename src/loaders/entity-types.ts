import type { Row as DecodedRow } from '../sql/decode.ts'
import type { AnswerPolicy } from './answer-policy.ts'
import type { OrderBy } from './order-by.ts'
import type { AnyModels, ColumnOf, RelationOf, Row, TargetOf, Where } from './where.ts'

/** A field that was declared; opaque to type modules. */
export interface EntityField {
  readonly kind: unknown
}

/** A GraphQL type over a model's rows. */
export interface EntityRef<M> {
  readonly name: string
  readonly model: M
}

type NamedScalars = {
  ID: string
  String: string
  Int: number
  Float: number
  Boolean: boolean
  DateTime: string
}

/** An argument as it is written: plain, so that a shared one can be a constant. */
export interface Argument {
  readonly type: keyof NamedScalars | { readonly $inferInput: unknown }
  readonly description: string
  readonly required?: boolean
  readonly defaultValue?: unknown
}

export type Arguments = Readonly<Record<string, Argument>>

type NoArguments = Readonly<Record<never, Argument>>

type ValueOf<A extends Argument> = A['type'] extends keyof NamedScalars
  ? NamedScalars[A['type']]
  : A['type'] extends { readonly $inferInput: infer Input }
    ? Input
    : never

/** The values that a resolver gets for its arguments. */
export type ArgumentValues<Args extends Arguments> = {
  readonly [Name in keyof Args]: Args[Name] extends
    | { readonly required: true }
    | { readonly defaultValue: NonNullable<unknown> }
    ? ValueOf<Args[Name]>
    : ValueOf<Args[Name]> | null | undefined
}

/** What every field says of itself. */
export interface Described {
  readonly description: string
  readonly deprecationReason?: string
}

/** A field of a query, whose answer may be kept. */
export interface Kept extends Described, AnswerPolicy {}

export interface Guarded<Models extends AnyModels<Models>, M extends keyof Models> extends Kept {
  /** Who may read the field of a row that they see: else it is null, with a `FORBIDDEN` error. */
  readonly guard?: Where<Models, M>
}

/** Several named orderings to choose from; the first is the default. */
export interface OrderChoice<Models extends AnyModels<Models>, M extends keyof Models> {
  readonly enum: string
  readonly description: string
  readonly values: Readonly<
    Record<string, { readonly description: string; readonly by: readonly OrderBy<Models, M>[] }>
  >
}

export type Ordered<Models extends AnyModels<Models>, M extends keyof Models> =
  | readonly OrderBy<Models, M>[]
  | OrderChoice<Models, M>

export type Filter<
  Models extends AnyModels<Models>,
  M extends keyof Models,
  Context,
  Args extends Arguments,
> = Where<Models, M> | ((args: ArgumentValues<Args>, context: Context) => Where<Models, M>)

export interface ListOptions<
  Models extends AnyModels<Models>,
  M extends keyof Models,
  T extends keyof Models,
  Context,
  Args extends Arguments,
> extends Guarded<Models, M> {
  readonly args?: Args
  /** Which rows, beside the relation's; `parent(column)` is the row from which the list starts. */
  readonly where?: Filter<Models, T, Context, Args>
  /** The order, to which the primary key is added. A choice adds the argument `orderBy`. */
  readonly orderBy: Ordered<Models, T>
  /** Whoever sees the parent sees the rows: their own rule is not asked. @default false */
  readonly inherits?: boolean
  /** The type that stands for the rows, where it is not the model's entity. */
  readonly type?: EntityRef<T>
}

export interface FigureOptions<
  Models extends AnyModels<Models>,
  M extends keyof Models,
  T extends keyof Models,
  Context,
  Args extends Arguments,
> extends Guarded<Models, M> {
  readonly args?: Args
  /** Which rows it is worked out over; the rows' own visibility is not asked. */
  readonly where?: Filter<Models, T, Context, Args>
}

/** One figure of an aggregate. `where` narrows it by enum members and booleans. */
export type Figure<Models extends AnyModels<Models>, T extends keyof Models> = {
  readonly where?: Where<Models, T>
} & (
  | { readonly count: true }
  | { readonly sum: ColumnOf<Models, T> }
  | { readonly average: ColumnOf<Models, T> }
)

export interface AggregateOptions<
  Models extends AnyModels<Models>,
  M extends keyof Models,
  T extends keyof Models,
  Context,
  Args extends Arguments,
  Figures,
> extends FigureOptions<Models, M, T, Context, Args> {
  readonly type: 'Int' | 'Float'
  readonly nullable: boolean
  readonly of: Figures & { readonly [Name in keyof Figures]: Figure<Models, T> }
  /** Puts the figures together; a sum over nothing is 0, an average over nothing null. */
  readonly resolve: (
    figures: {
      readonly [Name in keyof Figures]: Figures[Name] extends { readonly average: unknown }
        ? number | null
        : number
    },
  ) => number | null
}

/** A relation's name, or a model's for a list that only its `where` binds. */
export type Source<Models extends AnyModels<Models>, M extends keyof Models> =
  | RelationOf<Models, M, true>
  | (keyof Models & string)

export type TargetOfSource<Models extends AnyModels<Models>, M extends keyof Models, S> =
  S extends RelationOf<Models, M, true>
    ? TargetOf<Models, M, S>
    : S extends keyof Models
      ? S
      : never

/** The fields that a type over the rows of model `M` can have. */
export interface EntityFields<
  Models extends AnyModels<Models>,
  M extends keyof Models & string,
  Context,
> {
  /** A column, its type and nullability taken from the datamodel. */
  column(name: ColumnOf<Models, M>, options: Guarded<Models, M>): EntityField
  /** A value worked out from columns of the row, which are read only when it is selected. */
  derived<C extends ColumnOf<Models, M>>(
    options: Guarded<Models, M> & {
      readonly type: unknown
      readonly nullable: boolean
      readonly columns: readonly C[]
      readonly resolve: (
        row: Pick<Row<Models, M>, C & keyof Row<Models, M>>,
        context: Context,
      ) => unknown
    },
  ): EntityField
  /** The one row that a relation leads to. */
  one(
    relation: RelationOf<Models, M, false>,
    options: Guarded<Models, M> & { readonly inherits?: boolean },
  ): EntityField
  /** The rows that a relation leads to, as a Relay connection. */
  many<R extends RelationOf<Models, M, true>, Args extends Arguments = NoArguments>(
    relation: R,
    options: ListOptions<Models, M, TargetOf<Models, M, R>, Context, Args>,
  ): EntityField
  /** Rows of a model that a rule ties to this row by `parent(column)`, as a Relay connection. */
  list<T extends keyof Models & string, Args extends Arguments = NoArguments>(
    model: T,
    options: ListOptions<Models, M, T, Context, Args>,
  ): EntityField
  /** How many rows. */
  count<S extends Source<Models, M>, Args extends Arguments = NoArguments>(
    source: S,
    options: FigureOptions<Models, M, TargetOfSource<Models, M, S>, Context, Args>,
  ): EntityField
  /** The sum of a column, 0 over no rows. */
  sum<S extends Source<Models, M>, Args extends Arguments = NoArguments>(
    source: S,
    column: ColumnOf<Models, TargetOfSource<Models, M, S>>,
    options: FigureOptions<Models, M, TargetOfSource<Models, M, S>, Context, Args>,
  ): EntityField
  /** The average of a column, null over no rows. */
  average<S extends Source<Models, M>, Args extends Arguments = NoArguments>(
    source: S,
    column: ColumnOf<Models, TargetOfSource<Models, M, S>>,
    options: FigureOptions<Models, M, TargetOfSource<Models, M, S>, Context, Args>,
  ): EntityField
  /** Several figures over the same rows, put together. */
  aggregate<S extends Source<Models, M>, Figures, Args extends Arguments = NoArguments>(
    source: S,
    options: AggregateOptions<Models, M, TargetOfSource<Models, M, S>, Context, Args, Figures>,
  ): EntityField
  /** Another type over the same row. */
  view(type: EntityRef<M>, options: Guarded<Models, M>): EntityField
  /** The row's place in the list that it was read from, by the first order term; equals share one. */
  rank(options: Kept): EntityField
}

export interface QueryFields<Models extends AnyModels<Models>, Context> {
  /** One row by a unique key; null when there is none, or when the viewer may not see it. */
  one<M extends keyof Models & string, Args extends Arguments = NoArguments>(
    type: EntityRef<M>,
    options: Kept & {
      readonly args?: Args
      readonly inherits?: boolean
      readonly by: (args: ArgumentValues<Args>, context: Context) => Key<Models, M> | null
    },
  ): EntityField
  /** A list over the whole model, as a Relay connection. */
  connection<M extends keyof Models & string, Args extends Arguments = NoArguments>(
    type: EntityRef<M>,
    options: Omit<ListOptions<Models, M, M, Context, Args>, 'type'>,
  ): EntityField
  /** Anything else. */
  field(
    options: Kept & {
      readonly type: unknown
      readonly nullable?: boolean
      readonly guard?: Where<Models, keyof Models>
      readonly resolve: (root: unknown, args: DecodedRow, context: Context) => unknown
    },
  ): EntityField
}

export interface PayloadFields<Models extends AnyModels<Models>, Result, Context> {
  /** A row that the mutation wrote, read anew after COMMIT. */
  one<M extends keyof Models & string>(
    type: EntityRef<M>,
    options: Described & {
      readonly inherits?: boolean
      readonly by: (result: Result, context: Context) => Key<Models, M> | null
    },
  ): EntityField
  /** Several of them, in the order given; one that is gone or hidden is null. */
  all<M extends keyof Models & string>(
    type: EntityRef<M>,
    options: Described & {
      readonly inherits?: boolean
      readonly by: (result: Result, context: Context) => readonly Key<Models, M>[]
    },
  ): EntityField
  value(
    options: Described & {
      readonly type: unknown
      readonly nullable?: boolean
      readonly resolve: (result: Result, context: Context) => unknown
    },
  ): EntityField
}

/** Unique columns and their values. */
export type Key<Models extends AnyModels<Models>, M extends keyof Models> = Partial<Row<Models, M>>
