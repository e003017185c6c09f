import type { Context } from '../context.ts'
import { datamodel, type Models } from '../generated/datamodel.ts'
import type { EntityField, EntityRef, Key, PayloadFields } from '../loaders/entity-types.ts'
import { createIdEncoder } from '../loaders/global-id.ts'
import { getModel } from '../sql/datamodel.ts'

/** What a mutation's `run` gives for each field of its payload: raw ids, read anew after COMMIT. */
export type Results = Readonly<Record<string, unknown>>

/** A field of a payload, whose value `run` gives as a `Result`. */
export interface PayloadField<Result> {
  readonly declare: (t: PayloadFields<Models, Results, Context>, name: string) => EntityField
  /** Never set: it carries the type. */
  readonly result?: Result
}

/** What `run` must give for a payload's fields. */
export type ResultsOf<Payload> = {
  readonly [Name in keyof Payload]: Payload[Name] extends PayloadField<infer Result>
    ? Result
    : never
}

type ModelName = keyof Models & string

/** An entity, from its raw id. Null when the viewer may not see it as it is now. */
export function one<M extends ModelName>(
  type: EntityRef<M>,
  description: string,
): PayloadField<string> {
  return {
    declare: (t, name) => t.one(type, { description, by: (results) => keyOf(type, results[name]) }),
  }
}

/** Entities, from their raw ids, in the same order. */
export function many<M extends ModelName>(
  type: EntityRef<M>,
  description: string,
): PayloadField<readonly string[]> {
  return {
    declare: (t, name) =>
      t.all(type, {
        description,
        // The ids that `run` gave.
        by: (results) => (results[name] as readonly string[]).map((id) => keyOf(type, id)),
      }),
  }
}

/** The global id of something that is gone, from its raw id. */
export function deleted(type: ModelName, description: string): PayloadField<string> {
  const encode = createIdEncoder(type, getModel(datamodel, type))
  return {
    declare: (t, name) =>
      t.value({
        type: 'ID',
        nullable: false,
        description,
        resolve: (results) => encode({ id: results[name] }),
      }),
  }
}

/** Values of a type made with `entity.payload`, in the same order. */
export function rows<Row>(type: unknown, description: string): PayloadField<readonly Row[]> {
  return {
    declare: (t, name) =>
      t.value({ type: [type], nullable: false, description, resolve: (results) => results[name] }),
  }
}

function keyOf<M extends ModelName>(_type: EntityRef<M>, id: unknown): Key<Models, M> {
  // Every model of this domain has the key `id`, and `run` gave a raw id.
  return { id } as Key<Models, M>
}
