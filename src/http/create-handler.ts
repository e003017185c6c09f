import { AppError } from '../errors.ts'
import type { Events } from '../observe/events.ts'
import type { Logger } from '../observe/logger.ts'
import { createRequestFacts, type RequestFacts } from '../observe/request-facts.ts'
import { type CompleteAnswer, completeAnswer } from './complete-answer.ts'
import { compress } from './compress.ts'
import { createCors } from './cors.ts'
import type { Answer, Exchange, Stage } from './exchange.ts'
import { maskErrors } from './mask-errors.ts'
import { noteErrors } from './note-errors.ts'
import { resultAnswer } from './result-answer.ts'

export interface HandlerOptions {
  /** Asked in this order; the first answer counts. */
  readonly stages: readonly Stage[]
  readonly corsOrigins: readonly string[]
  readonly log: Logger
  readonly events: Events
}

/** The way of every request from its first header to its last byte. Never rejects. */
export function createHandler(
  options: HandlerOptions,
): (exchange: Exchange) => Promise<CompleteAnswer> {
  const { stages, log, events } = options
  const cors = createCors(options.corsOrigins)

  return async (exchange) => {
    const facts = openFacts(exchange)
    events.requestBegan(facts)
    const found = cors.open(await answerOrError(exchange, facts), exchange)
    const answer = await compress(found, exchange.header('accept-encoding'))
    facts.status = exchange.signal.aborted ? 499 : answer.status
    facts.ms = performance.now() - facts.startMs
    events.requestEnded(facts)
    return completeAnswer(answer, exchange)
  }

  async function answerOrError(exchange: Exchange, facts: RequestFacts): Promise<Answer> {
    try {
      return cors.preflight(exchange) ?? (await firstAnswer(exchange, facts))
    } catch (error) {
      const { requestId, signal } = exchange
      const masking = { requestId, log: log.child({ requestId }), isWatched: !signal.aborted }
      const errors = maskErrors([error], masking)
      noteErrors(errors, facts)
      return resultAnswer({ errors }, 'application/json')
    }
  }

  async function firstAnswer(exchange: Exchange, facts: RequestFacts): Promise<Answer> {
    for (const stage of stages) {
      const answer = await stage(exchange, facts)
      if (answer) return answer
    }
    throw new AppError('NOT_FOUND', `There is nothing at ${exchange.url.pathname}`)
  }
}

function openFacts({ requestId, method, url, header }: Exchange): RequestFacts {
  const { pathname: path } = url
  const traceparent = header('traceparent')
  return createRequestFacts({ requestId, method, path, traceparent, startMs: performance.now() })
}
