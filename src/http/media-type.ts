import Negotiator from 'negotiator'
import { AppError } from '../errors.ts'

export type MediaType = 'application/json' | 'application/graphql-response+json'

/**
 * The media type for a result; `application/json` for a client that takes anything. It is chosen
 * before anything runs, so that no mutation is done whose answer cannot be sent.
 *
 * @throws AppError `NOT_ACCEPTABLE` for a client that takes neither
 */
export function chooseMediaType(accept: string | null): MediaType {
  if (accept === null || accept === '*/*' || accept === 'application/json') {
    return 'application/json'
  }
  const available: MediaType[] = ['application/json', 'application/graphql-response+json']
  // True by the contract of `mediaTypes`: it gives those of the available ones that are acceptable.
  const [best] = new Negotiator({ headers: { accept } }).mediaTypes(available) as MediaType[]
  if (best) return best
  throw new AppError(
    'NOT_ACCEPTABLE',
    `Answers come as ${available.join(' or ')}, not as ${accept}`,
  )
}
