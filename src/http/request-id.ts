import { randomUUID } from 'node:crypto'

const fitForALog = /^[\w.:@=+/-]{1,128}$/

/** The client's own request id if it can stand in a log line, else a new one. */
export function requestIdFrom(header: string | null): string {
  return header !== null && fitForALog.test(header) ? header : randomUUID()
}
