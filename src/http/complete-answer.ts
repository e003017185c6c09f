import type { Answer, Exchange } from './exchange.ts'
import { securityHeaders } from './security-headers.ts'

/** An answer with all its headers: names and values in turn, as `node:http` takes them fastest. */
export interface CompleteAnswer extends Omit<Answer, 'headers'> {
  readonly headers: readonly string[]
}

const everyAnswers = Object.entries(securityHeaders)

export function completeAnswer(
  { status, headers: own, body }: Answer,
  { requestId }: Pick<Exchange, 'requestId'>,
): CompleteAnswer {
  const headers: string[] = []
  for (const [name, value] of everyAnswers) {
    if (own[name] === undefined) headers.push(name, value)
  }
  for (const name in own) headers.push(name, own[name] as string) // its own names
  headers.push('x-request-id', requestId)
  return { status, headers, body }
}
