/**
 * `loadline/loaders`: GraphQL types over the models of a Prisma schema, whose relations, lists and
 * figures take one statement per level.
 *
 * @example
 * const entity = createEntities(builder, datamodel)
 * entity.object('Book', { model: 'Book', description, fields: (t) => ({ author: t.one('author', { description }) }) })
 */
export { createViewer, type Identity, type Viewer } from '../guard/viewer.ts'
export {
  type AnswerPolicy,
  type Duration,
  hours,
  minutes,
  seconds,
} from '../loaders/answer-policy.ts'
export { createNow, type Granularity, type Now } from '../loaders/clock.ts'
export { createEntities } from '../loaders/create-entities.ts'
export { parseDateTime } from '../loaders/date-time.ts'
export type { EntityBuilder } from '../loaders/entity.ts'
export type {
  Arguments,
  EntityField,
  EntityFields,
  EntityRef,
  OrderChoice,
  PayloadFields,
  QueryFields,
} from '../loaders/entity-types.ts'
export { parseGlobalIdOf } from '../loaders/global-id.ts'
export type { LoaderContext } from '../loaders/loader-context.ts'
export { createLoaders, type Loaders, type LoadersOptions } from '../loaders/loaders.ts'
export type { OrderBy } from '../loaders/order-by.ts'
export { createReader, type Reader } from '../loaders/reader.ts'
export {
  allOf,
  anyOf,
  everybody,
  nobody,
  parent,
  type Rule,
  role,
  viewerId,
  type Where,
} from '../loaders/where.ts'
export type { Datamodel, TypedDatamodel } from '../sql/datamodel.ts'
export { createStatementCache, type StatementCache } from '../sql/statements.ts'
export { createTally, type Tally } from '../sql/tally.ts'
