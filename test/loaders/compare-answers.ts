import fc from 'fast-check'
import { type GraphQLSchema, parse, validate } from 'graphql'
import { expect } from 'vitest'
import type { Identity } from '../../src/guard/viewer.ts'
import type { Answer, Asking } from './ask-loaders.ts'
import { printErrors } from './ask-loaders.ts'
import type { createNaive, NaiveArguments } from './naive-schema.ts'
import type { NaiveRow } from './naive-tables.ts'
import { drawDocument, type PageSlot, type Pools } from './random-document.ts'

/** One data set, asked through the loaders and through the naive side. */
export interface Contest {
  readonly schema: GraphQLSchema
  readonly ask: (text: string, asking: Asking) => Promise<Answer>
  readonly askNaively: (
    text: string,
    variables: NaiveArguments,
    sides: { readonly viewer: Identity | null; readonly rowOfCursor: (cursor: string) => NaiveRow },
  ) => ReturnType<ReturnType<typeof createNaive>>
  readonly rowOfId: (id: string) => NaiveRow | null
  readonly pools: Pools
  readonly viewers: readonly (Identity | null)[]
}

/** Answers compared so far, over all data sets. */
export interface Score {
  cases: number
  cursors: number
}

/** Documents tried to make one that failed smaller; without an end it can take hours. */
const mostAttemptsToShrink = 150

/** Compares the answers to documents drawn from `seed`; rejects with the smallest that differs. */
export async function compareDocuments(
  contest: Contest,
  score: Score,
  options: { readonly seed: number; readonly documents: number },
): Promise<void> {
  let attemptsLeft = Number.POSITIVE_INFINITY
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    attemptsLeft -= 1
    if (attemptsLeft < 0) return
    try {
      await compareAnswers(contest, g, score)
    } catch (error) {
      attemptsLeft = Math.min(attemptsLeft, mostAttemptsToShrink)
      throw error
    }
  })
  await fc.assert(property, { seed: options.seed, numRuns: options.documents })
}

/**
 * Draws a document and compares the answers of both sides; then, twice, the same document with pages
 * that start at cursors from the answer before.
 */
async function compareAnswers(contest: Contest, g: fc.GeneratorValue, score: Score): Promise<void> {
  const document = drawDocument(contest.schema, contest.pools, g)
  // Fragments on different types may give one name to fields of different types.
  if (validate(contest.schema, parse(document.print().text)).length > 0) return
  const viewer = contest.viewers[g(fc.nat, { max: contest.viewers.length - 1 })] ?? null
  const isBatching = g(fc.nat, { max: 19 }) > 0
  const rowOfCursor = new Map<string, NaiveRow>()

  for (let round = 0; round < 3; round += 1) {
    const { text, variables } = document.print()
    const actual = await contest.ask(text, { variables, viewer, isBatching })
    const expected = await contest.askNaively(text, variables, {
      viewer,
      rowOfCursor: (cursor) => known(rowOfCursor.get(cursor)),
    })
    const shown = new Map<string, readonly string[]>()
    const named = nameCursors(actual.data, (alias, cursor, id) => {
      rowOfCursor.set(cursor, known(contest.rowOfId(id)))
      shown.set(alias, [...(shown.get(alias) ?? []), cursor])
      return `cursor of ${id}`
    })
    const context = `${text}\n${JSON.stringify(variables)}\n${JSON.stringify(viewer)}\n${JSON.stringify(actual.result.errors)}`
    expect({ data: rounded(named), errors: actual.errors }, context).toEqual({
      data: rounded(JSON.parse(JSON.stringify(expected.data ?? null))),
      errors: printErrors(expected),
    })
    score.cases += 1
    if (!document.slots.some((slot) => moveTo(slot, shown.get(slot.alias), g))) return
    score.cursors += 1
  }
}

function known<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('The naive side has no such row')
  return value
}

/** Sets where the list's next page starts and ends; false when the list has shown no cursor. */
function moveTo(
  slot: PageSlot,
  shown: readonly string[] | undefined,
  g: fc.GeneratorValue,
): boolean {
  if (!shown || shown.length === 0) return false
  const place = () => shown[g(fc.nat, { max: shown.length - 1 })] ?? null
  const way = g(fc.nat, { max: 3 })
  slot.after = way === 0 || way === 2 ? place() : null
  slot.before = way === 1 || way === 2 ? place() : null
  return way < 3
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of any shape.
type Tree = any

/** A copy of an answer with every cursor replaced by what `name` calls it. */
function nameCursors(
  data: Tree,
  name: (alias: string, cursor: string, id: string) => string,
): Tree {
  const names = new Map<string, string>()
  const visit = (value: Tree, key: string): Tree => {
    if (Array.isArray(value)) return value.map((item) => visit(item, key))
    if (typeof value !== 'object' || value === null) return value
    for (const { cursor, node } of listEdges(value)) {
      names.set(cursor, name(key, cursor, idOfNode(node)))
    }
    const entries = Object.entries(value).map(([inner, item]) => {
      if (inner === 'edges') return [inner, (item as Tree[]).map((edge) => visit(edge, key))]
      return [inner, visit(item, inner)]
    })
    return Object.fromEntries(entries)
  }
  const rename = (value: Tree): Tree => {
    if (typeof value === 'string') return names.get(value) ?? value
    if (Array.isArray(value)) return value.map(rename)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item)]))
  }
  return rename(visit(data, ''))
}

function listEdges({ edges }: Tree): { readonly cursor: string; readonly node: Tree }[] {
  return Array.isArray(edges) ? edges.filter((edge) => typeof edge?.cursor === 'string') : []
}

function idOfNode(node: Tree): string {
  if (typeof node.id === 'string') return node.id
  for (const inner of Object.values<Tree>(node)) {
    if (typeof inner?.id === 'string') return inner.id
  }
  throw new Error('A node in a list shows no id')
}

/** Averages are worked out in another order on each side. */
function rounded(value: Tree): Tree {
  if (typeof value === 'number')
    return Number.isInteger(value) ? value : Number(value.toPrecision(9))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]))
}
