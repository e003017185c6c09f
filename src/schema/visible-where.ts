import { datamodel } from '../generated/datamodel.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { noFacts, specialise } from '../loaders/specialise.ts'
import { parseWhere } from '../loaders/where.ts'
import type { Comparison, Condition } from '../sql/condition.ts'
import { getModel, getRelation } from '../sql/datamodel.ts'
import type { Writer } from './authorize.ts'
import type { Rule } from './builder.ts'

type WhereOf<M extends Prisma.ModelName> = NonNullable<
  Prisma.TypeMap['model'][M]['operations']['findFirst']['args']['where']
>

/**
 * The rule by which an entity is read, as a filter for Prisma: so a mutation, inside its own
 * transaction, finds exactly the rows that its viewer could have read.
 */
export function whereVisible<M extends Prisma.ModelName>(
  viewer: Writer,
  model: M,
  rule: Rule<M>,
): WhereOf<M> {
  const asked = { id: () => viewer.id, role: () => viewer.role, asked: 'identity' } as const
  const condition = specialise(parseWhere(datamodel, model, rule), noFacts, asked)
  // parseWhere has checked every name against the same datamodel from which Prisma's types come.
  return toPrismaWhere(condition, model) as WhereOf<M>
}

/** Of a condition without roles and viewers in it. */
function toPrismaWhere(condition: Condition, model: string): object {
  switch (condition.kind) {
    case 'always':
      return {}
    case 'never':
      return { OR: [] }
    case 'and':
      return { AND: condition.parts.map((part) => toPrismaWhere(part, model)) }
    case 'or':
      return { OR: condition.parts.map((part) => toPrismaWhere(part, model)) }
    case 'related': {
      const relation = getRelation(getModel(datamodel, model), condition.relation)
      const where = toPrismaWhere(condition.where, relation.model)
      return { [relation.name]: relation.isList ? { some: where } : { is: where } }
    }
    case 'compare':
      return { [condition.column]: toPrismaFilter(condition) }
    case 'role':
      throw new Error('A rule still names a role after it was specialised')
  }
}

function toPrismaFilter({ column, operator, value: operand }: Comparison): object {
  if (operand.kind !== 'value')
    throw new Error(`"${column}" is compared with what is not known here`)
  const { value } = operand
  switch (operator) {
    case 'equals':
      return { equals: value }
    case 'differs':
      return { not: value }
    case 'in':
      return { in: value }
    case 'less':
      return { lt: value }
    case 'atMost':
      return { lte: value }
    case 'greater':
      return { gt: value }
    case 'atLeast':
      return { gte: value }
    case 'contains':
      return { contains: value, mode: 'insensitive' }
    case 'isNull':
      return { equals: null }
    case 'isNotNull':
      return { not: null }
  }
}
