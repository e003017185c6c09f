import type { Listener } from './events.ts'
import type { Logger } from './logger.ts'

/** Says of each answer that was out of date what it depends on. There should be none. */
export function createStaleLog(log: Logger): Listener {
  return {
    answerCompared(facts, { outcome, tags }) {
      if (outcome !== 'stale') return
      const whose = facts && { requestId: facts.requestId, operation: facts.operation?.name }
      log.error({ ...whose, tags }, 'an answer was served that is out of date')
    },
  }
}
