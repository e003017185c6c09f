import type { Reply } from './exchange.ts'

/** Whether the same request may well be answered a moment later. */
export function isPassing({ code, status }: Reply): boolean {
  return /^(0|429|50[234])|(NETWORK_ERROR|SERVICE_UNAVAILABLE)$/.test(status + code)
}

/** Whether a mutation may be repeated: the server has all its keys as `idempotencyKey` of an input. */
export function hasIdempotencyKey(variables: object = {}): boolean {
  return Object.values(variables).some((input) => input?.idempotencyKey)
}
