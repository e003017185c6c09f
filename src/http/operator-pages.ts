import type { Observation } from '../observe/observation.ts'
import { dashboardPages } from './dashboard-pages.ts'
import { jsonAnswer } from './exchange.ts'
import type { OperatorOptions } from './operator-stage.ts'

/** What an operator can see of a process. Nothing follows it any more when it is over. */
export function operatorPages(
  observation: Observation,
  isOver: () => boolean,
): OperatorOptions['pages'] {
  const { metrics } = observation
  return {
    '/metrics': async () => ({
      status: 200,
      headers: { 'content-type': metrics.contentType, ...uncached },
      body: await metrics.text(),
    }),
    ...dashboardPages(observation.dashboard, isOver),
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
