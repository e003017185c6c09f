import { builder, entity } from './builder.ts'
import './mutations.ts'
import './queries.ts'
import './types.ts'

entity.node()

export const schema = builder.toSchema()
