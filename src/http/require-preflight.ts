import { AppError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** Headers that a page of another origin cannot send without asking first. Any one is enough. */
export const preflightHeaders = [
  'authorization',
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-requested-with',
  'x-request-id',
  'loadline-explain',
] as const

/**
 * Refuses a GET that any page could make a browser send, by an image or a link: what it is answered
 * the page could not read, but it could time it, or make the browser spend its viewer's rate. A POST
 * is safe by its content type, which must be JSON.
 *
 * @throws AppError `FORBIDDEN`
 */
export function requirePreflight({ method, header }: Exchange): void {
  if (method !== 'GET' || isJson(header('content-type'))) return
  if (preflightHeaders.some((name) => header(name) !== null)) return
  throw new AppError(
    'FORBIDDEN',
    `A GET must have one of the headers ${preflightHeaders.join(', ')}, or content-type: application/json, which a page of another origin cannot send by itself`,
  )
}

function isJson(contentType: string | null): boolean {
  return (
    contentType !== null && /^application\/(graphql-response\+)?json\b/i.test(contentType.trim())
  )
}
