import type { Condition } from '../sql/condition.ts'
import type { Datamodel, Model } from '../sql/datamodel.ts'
import type { AnswerPolicy } from './answer-policy.ts'
import type { EntityRef } from './entity-types.ts'
import type { PothosBuilder, PothosRef } from './pothos.ts'

/** What the fields of all types know of each other while the schema is built. */
export interface EntityRegistry {
  readonly builder: PothosBuilder
  readonly datamodel: Datamodel
  /** The type that stands for a model's rows, unless a field names another. */
  readonly entities: Map<string, Entity>
  /** The types' own models and rules, views included. */
  readonly types: Map<string, Entity>
  /** The GraphQL types of the datamodel's enums. */
  readonly enums: Map<string, object>
  connection(typeName: string): PothosRef
  order(name: string, options: object): PothosRef
}

export interface Entity {
  readonly ref: PothosRef
  readonly model: Model
  readonly rule: Condition | undefined
  /** Its connections are kept like itself. */
  readonly policy: AnswerPolicy
}

export function getEntity(registry: EntityRegistry, model: string): Entity {
  const entity = registry.entities.get(model)
  if (!entity) throw new Error(`No entity stands for model "${model}": declare one, or import it`)
  return entity
}

export function getType(registry: EntityRegistry, type: EntityRef<unknown>): Entity {
  const entity = registry.types.get(type.name)
  if (!entity) throw new Error(`"${type.name}" was not made by entity.object or entity.view`)
  return entity
}
