import type { Database } from '../../src/sql/database.ts'
import { globalId } from '../support/global-id.ts'

/** A request whose cost is held to a budget. */
export interface CostWorkload {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** Whether it is answered from the cache. @default false */
  readonly isHit?: boolean
  /** How many make some ten milliseconds of work. */
  readonly requests: number
  /** How many are sent where so many are counted: a dearer request. @default requests */
  readonly sent?: number
}

export type CostWorkloads = Readonly<Record<string, CostWorkload>>

/** Over the school that `fillSchool` makes. */
export async function createCostWorkloads(database: Database): Promise<CostWorkloads> {
  const ids = async (model: string, count: number) => {
    const text = `SELECT "id"::text FROM "${model}" ORDER BY "id" LIMIT ${count}`
    const rows = await database.query({ name: '', text }, [])
    return rows.map(([id]) => globalId(model, String(id)))
  }
  const courses = await ids('Course', 20)
  return {
    node: {
      query: 'query ($id: ID!) { node(id: $id) { ... on Course { id title status summary } } }',
      variables: { id: courses[0] },
      requests: 30,
    },
    list: {
      query:
        '{ courses(first: 100, orderBy: TITLE) { nodes { id title slug status priceCents } } }',
      requests: 16,
    },
    nested: {
      query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Course {
        id title teacher { name }
        enrollments(first: 10) { totalCount nodes { progress student { name } } }
        lessons(first: 5) { nodes { title position } }
      } } }`,
      variables: { ids: courses },
      requests: 6,
    },
    chain: {
      query:
        'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Enrollment { progress course { title teacher { name } } } } }',
      variables: { ids: await ids('Enrollment', 100) },
      requests: 8,
    },
    hit: {
      query:
        '{ courses(first: 30) { nodes { id title slug status description createdAt teacher { id name } } } }',
      isHit: true,
      requests: 60,
    },
  }
}
