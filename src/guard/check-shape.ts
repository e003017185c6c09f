import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql'
import { exceeded, type LimitName, type Limits } from './limits.ts'
import { measureShape, type Shape } from './measure-shape.ts'

/**
 * Parses a document, giving up at the token that is one too many.
 *
 * @throws AppError `LIMIT_EXCEEDED`, GraphQLError for what is no GraphQL
 */
export function parseWithin(
  limits: Pick<Limits, 'tokens'>,
  source: string | Source,
  options?: ParseOptions,
): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: limits.tokens })
  } catch (error) {
    const isTooLong =
      error instanceof GraphQLError && error.message.includes(`more that ${limits.tokens} tokens`)
    if (isTooLong) throw exceeded({ limit: 'tokens', max: limits.tokens })
    throw error
  }
}

/** Checks shapes of documents, each document once for as long as it is kept. */
export function createShapeCheck(limits: Limits): (document: DocumentNode) => void {
  const passed = new WeakSet<DocumentNode>()
  return (document) => {
    if (passed.has(document)) return
    checkShape(measureShape(document), limits)
    passed.add(document)
  }
}

const measured = [
  ...(['depth', 'selections', 'aliases', 'rootFields', 'directives'] as const),
] satisfies readonly (LimitName & keyof Shape)[]

/** @throws AppError `LIMIT_EXCEEDED` naming the first limit that the shape exceeds */
function checkShape(shape: Shape, limits: Limits): void {
  for (const limit of measured) {
    const [got, max] = [shape[limit], limits[limit]]
    if (got > max) throw exceeded({ limit, max, got })
  }
}
