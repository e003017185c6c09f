import type { GraphQLParams } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import { keyOfQuestion, type Question } from '../cache/answer-keys.ts'
import { AppError } from '../errors.ts'
import { checkParams } from '../guard/check-params.ts'
import type { Limits } from '../guard/limits.ts'
import type { FoundDocument, TrustedDocuments } from '../guard/trusted-documents.ts'
import { type NamedOperation, nameOperation } from '../observe/name-operation.ts'
import type { Exchange } from './exchange.ts'
import { mostDocuments, mostTextBytes } from './parser-cache.ts'
import { type RequestParams, readParams, readText } from './read-params.ts'

/** What a request says, before anything is looked up for it. */
export interface ReadRequest {
  readonly document: FoundDocument
  readonly operation: NamedOperation
  /** For the look-up alone: all who send the same text share it. */
  readonly question: Question
  /** For who executes it, and may change it. */
  params(): GraphQLParams
  /** Why it is not executed: its document or its variables are too large, say. */
  readonly refusal: AppError | null
}

export interface RequestReaderOptions {
  readonly limits: Limits
  readonly documents: TrustedDocuments
}

/** Texts that are remembered; what is longer is read each time. */
const longestText = 2 * 1_024

/**
 * Reads requests, and remembers the texts of those that came before: a screen sends the same again
 * and again, and to parse, check and hash it costs as much as a look-up.
 *
 * @throws AppError as `readParams` and `TrustedDocuments.find` have it
 */
export function createRequestReader(
  options: RequestReaderOptions,
): (exchange: Exchange) => Promise<ReadRequest> {
  const { limits, documents } = options
  const [posted, got] = [createMemory(), createMemory()]

  return async (exchange) => {
    const text = await readText(exchange, limits)
    const memory = exchange.method === 'GET' ? got : posted
    const isShort = text.length <= longestText
    const known = isShort ? memory.get(text) : undefined
    if (known) return known
    const read = readAnew(exchange, text)
    if (isShort && !read.refusal) {
      // Now, as what is executed may change its variables.
      keyOfQuestion(read.question)
      const { query } = read.document
      const { method } = exchange
      memory.set(text, { ...read, params: () => ({ ...readParams(method, text), query }) })
    }
    return read
  }

  function readAnew({ method }: Pick<Exchange, 'method'>, text: string): ReadRequest {
    const { documentId, ...rest } = readParams(method, text)
    const document = documents.find({ ...rest, documentId })
    const params = { ...rest, query: document.query }
    return {
      document,
      operation: nameOperation(document, rest.operationName),
      question: params,
      params: () => params,
      refusal: refusalOf(params, limits),
    }
  }
}

function createMemory() {
  return new LRUCache<string, ReadRequest>({
    max: mostDocuments,
    maxSize: mostTextBytes,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  })
}

function refusalOf(params: RequestParams, limits: Limits): AppError | null {
  try {
    checkParams(params, limits)
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
