import type { Log } from '../observe/log.ts'

/** Says each kind of trouble once when it begins and once when it is over, however often it is met. */
export interface TroubleLog<Kind extends string> {
  begin(kind: Kind, message: string, cause?: unknown): void
  end(kind: Kind): void
}

export function createTroubleLog<Kind extends string>(
  log: Log,
  recovered = 'The cache works again',
): TroubleLog<Kind> {
  const begun = new Map<Kind, string>()
  return {
    begin(kind, message, cause) {
      if (begun.has(kind)) return
      begun.set(kind, message)
      log.warn({ err: cause }, message)
    },
    end(kind) {
      const message = begun.get(kind)
      if (message === undefined) return
      begun.delete(kind)
      log.info({ after: message }, recovered)
    },
  }
}
