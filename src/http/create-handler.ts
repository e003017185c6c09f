import { AppError } from '../errors.ts'
import type { Logger } from '../observe/logger.ts'
import { compress } from './compress.ts'
import { createCors } from './cors.ts'
import type { Answer, Exchange, Stage } from './exchange.ts'
import { maskErrors } from './mask-errors.ts'
import { resultAnswer } from './result-answer.ts'
import { securityHeaders } from './security-headers.ts'

export interface HandlerOptions {
  /** Asked in this order; the first answer counts. */
  readonly stages: readonly Stage[]
  readonly corsOrigins: readonly string[]
  readonly log: Logger
}

/** The way of every request from its first header to its last byte. Never rejects. */
export function createHandler(options: HandlerOptions): (exchange: Exchange) => Promise<Answer> {
  const { stages, log } = options
  const cors = createCors(options.corsOrigins)

  return async (exchange) => {
    const start = performance.now()
    const found = cors.open(await answerOrError(exchange), exchange)
    const answer = await compress(found, exchange.header('accept-encoding'))
    log.info(
      {
        requestId: exchange.requestId,
        method: exchange.method,
        path: exchange.url.pathname,
        status: exchange.signal.aborted ? 499 : answer.status,
        ms: Math.round((performance.now() - start) * 100) / 100,
      },
      'request',
    )
    const headers = {
      ...securityHeaders,
      ...answer.headers,
      'x-request-id': exchange.requestId,
    }
    return { ...answer, headers }
  }

  async function answerOrError(exchange: Exchange): Promise<Answer> {
    try {
      return cors.preflight(exchange) ?? (await firstAnswer(exchange))
    } catch (error) {
      const { requestId, signal } = exchange
      const masking = { requestId, log: log.child({ requestId }), isWatched: !signal.aborted }
      return resultAnswer({ errors: maskErrors([error], masking) }, 'application/json')
    }
  }

  async function firstAnswer(exchange: Exchange): Promise<Answer> {
    for (const stage of stages) {
      const answer = await stage(exchange)
      if (answer) return answer
    }
    throw new AppError('NOT_FOUND', `There is nothing at ${exchange.url.pathname}`)
  }
}
