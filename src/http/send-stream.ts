import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { CompleteAnswer } from './complete-answer.ts'

/** Sends what comes as it comes. Whoever makes it hears of a client that hangs up by its signal. */
export function sendStream(
  response: ServerResponse,
  { status, headers, body }: CompleteAnswer & { readonly body: AsyncIterable<string> },
): void {
  response.writeHead(status, [...headers, 'connection', 'close'])
  const stream = Readable.from(body)
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
  stream.pipe(response)
}
