import type { Observation } from '../observe/observation.ts'
import { jsonAnswer } from './exchange.ts'
import type { OperatorOptions } from './operator-stage.ts'

/** What an operator can see of a process. */
export function operatorPages(observation: Observation): OperatorOptions['pages'] {
  const { metrics } = observation
  return {
    '/metrics': async () => ({
      status: 200,
      headers: { 'content-type': metrics.contentType, ...uncached },
      body: await metrics.text(),
    }),
    '/metrics.json': async () =>
      jsonAnswer(
        200,
        { ...(await observation.figures()), statements: observation.slowestStatements(mostShapes) },
        uncached,
      ),
  }
}

/** What `npm run db:advise` looks at. */
const mostShapes = 100

const uncached = { 'cache-control': 'no-store' }
