import { type Answer, type Exchange, jsonAnswer } from './exchange.ts'

/** Gives why the process cannot serve now, each reason in a sentence; nothing when it can. */
export type FindUnreadiness = () => Promise<readonly string[]>

/**
 * `/health/live`: the process runs. `/health/ready`: it can serve; 503 with the reasons when it
 * cannot. Neither is kept by any cache.
 */
export function createHealthStage(findUnreadiness: FindUnreadiness) {
  return async (exchange: Exchange): Promise<Answer | null> => {
    const { pathname } = exchange.url
    if (pathname === '/health/live') return jsonAnswer(200, { status: 'ok' }, uncached)
    if (pathname !== '/health/ready') return null
    const reasons = await findUnreadiness()
    if (reasons.length === 0) return jsonAnswer(200, { status: 'ok' }, uncached)
    return jsonAnswer(503, { status: 'unavailable', reasons }, { ...uncached, 'retry-after': '1' })
  }
}

const uncached = { 'cache-control': 'no-store' }
