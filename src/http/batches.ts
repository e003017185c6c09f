import { AppError } from '../errors.ts'
import { createDeadlines } from '../guard/deadline.ts'
import { exceeded, type Limits } from '../guard/limits.ts'
import type { Events } from '../observe/events.ts'
import type { Logger } from '../observe/logger.ts'
import { createRequestFacts, type RequestFacts } from '../observe/request-facts.ts'
import type { Answer, Exchange } from './exchange.ts'
import { maskErrors } from './mask-errors.ts'
import { noteErrors } from './note-errors.ts'
import { resultAnswer } from './result-answer.ts'

type AnswerOne = (exchange: Exchange, facts: RequestFacts) => Promise<Answer>

export interface BatchOptions {
  readonly limits: Pick<Limits, 'batch' | 'bodyBytes' | 'requestMs'>
  readonly log: Logger
  readonly events: Pick<Events, 'requestBegan' | 'requestEnded'>
}

/**
 * Takes lists of operations too, `limits.batch` of them at most: each is charged, checked and counted
 * as if it had come alone, one after the other within the time of one request. The answer is a list;
 * its status is 200 unless all failed alike. With a limit below 2 lists are none of its business.
 */
export function withBatches(answerOne: AnswerOne, options: BatchOptions): AnswerOne {
  const { limits, log, events } = options
  if (limits.batch < 2) return answerOne
  const openDeadline = createDeadlines(limits.requestMs)
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
    using deadline = openDeadline(exchange.signal)
    facts.route = 'batch'
    const answers: Answer[] = []
    for (const operation of operations) {
      const one: Exchange = {
        ...exchange,
        readBody: async () => JSON.stringify(operation),
        // The list is compressed, not what is in it.
        header: (name) => (name === 'accept-encoding' ? null : exchange.header(name)),
        signal: deadline.signal,
      }
      answers.push(await answerTold(one, facts))
    }
    return join(answers)
  }

  async function answerTold(exchange: Exchange, batch: RequestFacts): Promise<Answer> {
    const { requestId, method, path } = batch
    const arrived = { requestId, method, path, startMs: performance.now(), traceparent: null }
    const facts = createRequestFacts(arrived)
    facts.trace = batch.trace
    events.requestBegan(facts)
    const answer = await answerOrError(exchange, facts)
    facts.status = exchange.signal.aborted ? 499 : answer.status
    facts.ms = performance.now() - facts.startMs
    events.requestEnded(facts)
    return answer
  }

  async function answerOrError(exchange: Exchange, facts: RequestFacts): Promise<Answer> {
    try {
      return await answerOne(exchange, facts)
    } catch (error) {
      const { requestId, signal } = exchange
      const errors = maskErrors([error], { requestId, log, isWatched: !signal.aborted })
      noteErrors(errors, facts)
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
