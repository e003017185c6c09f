import { AppError } from '../errors.ts'
import { createDeadline } from '../guard/deadline.ts'
import { exceeded, type Limits } from '../guard/limits.ts'
import type { Logger } from '../observe/logger.ts'
import type { RequestFacts } from '../observe/request-facts.ts'
import type { Answer, Exchange } from './exchange.ts'
import { maskErrors } from './mask-errors.ts'
import { resultAnswer } from './result-answer.ts'

type AnswerOne = (exchange: Exchange, facts: RequestFacts) => Promise<Answer>

export interface BatchOptions {
  readonly limits: Pick<Limits, 'batch' | 'bodyBytes' | 'requestMs'>
  readonly log: Logger
}

/**
 * Takes lists of operations too, `limits.batch` of them at most: each is charged, checked and counted
 * as if it had come alone, one after the other within the time of one request. The answer is a list;
 * its status is 200 unless all failed alike. With a limit below 2 lists are none of its business.
 */
export function withBatches(answerOne: AnswerOne, { limits, log }: BatchOptions): AnswerOne {
  if (limits.batch < 2) return answerOne
  return async (exchange, facts) => {
    if (exchange.method !== 'POST') return answerOne(exchange, facts)
    const body = await exchange.readBody(limits.bodyBytes)
    const operations = readList(body)
    if (!operations) return answerOne({ ...exchange, readBody: async () => body }, facts)
    if (operations.length === 0)
      throw new AppError('BAD_REQUEST', 'The list of operations is empty')
    if (operations.length > limits.batch) {
      throw exceeded({ limit: 'batch', max: limits.batch, got: operations.length })
    }
    using deadline = createDeadline(exchange.signal, limits.requestMs)
    const answers: Answer[] = []
    for (const operation of operations) {
      const one: Exchange = {
        ...exchange,
        readBody: async () => JSON.stringify(operation),
        // The list is compressed, not what is in it.
        header: (name) => (name === 'accept-encoding' ? null : exchange.header(name)),
        signal: deadline.signal,
      }
      answers.push(await answerOrError(one, facts))
    }
    return join(answers)
  }

  async function answerOrError(exchange: Exchange, facts: RequestFacts): Promise<Answer> {
    try {
      return await answerOne(exchange, facts)
    } catch (error) {
      const { requestId, signal } = exchange
      const errors = maskErrors([error], { requestId, log, isWatched: !signal.aborted })
      return resultAnswer({ errors }, 'application/json')
    }
  }
}

/** Undefined where it is no list: what is wrong with it is for others to say. */
function readList(body: string): readonly unknown[] | undefined {
  if (!body.trimStart().startsWith('[')) return undefined
  try {
    const list: unknown = JSON.parse(body)
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}

/** The last word counts: of what is left of the rate, say. No cache is to keep a list. */
function join(answers: readonly Answer[]): Answer {
  const statuses = new Set(answers.map(({ status }) => status))
  const [only = 200] = statuses
  return {
    status: statuses.size === 1 ? only : 200,
    headers: Object.assign({}, ...answers.map(({ headers }) => headers), listHeaders),
    body: `[${answers.map(({ body }) => String(body)).join()}]`,
  }
}

const listHeaders = { 'cache-control': 'no-store', 'cache-status': 'loadline' }
