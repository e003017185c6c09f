import type { Config } from '../config.ts'
import { silence } from '../observe/events.ts'
import type { Logger } from '../observe/logger.ts'
import type { Observation } from '../observe/observation.ts'
import { createHandler } from './create-handler.ts'
import { createNodeDoor } from './node-door.ts'
import { operatorPages } from './operator-pages.ts'
import { createOperatorStage } from './operator-stage.ts'
import { type HttpServer, serve } from './serve.ts'

export interface OperatorServerOptions {
  readonly config: Pick<Config, 'metrics' | 'host' | 'limits'>
  readonly observation: Observation
  readonly log: Logger
}

/**
 * Serves what operators see on a port of its own, where one is configured: whoever can reach it may
 * look, unless there is a token.
 *
 * @throws ListenError when the port is taken or may not be used
 */
export async function serveOperators(options: OperatorServerOptions): Promise<HttpServer | null> {
  const { config, observation, log } = options
  const { port, token } = config.metrics
  if (port === null) return null
  let isOver = false
  const pages = operatorPages(observation, () => isOver)
  const stages = [createOperatorStage({ token, without: 'everybody', pages })]
  const handle = createHandler({ stages, corsOrigins: [], log, events: silence })
  const door = createNodeDoor(handle, { isDraining: () => isOver, limits: config.limits })
  const server = await serve(door, { port, host: config.host })
  return {
    ...server,
    drain() {
      isOver = true
      return server.drain()
    },
  }
}
