import { AppError } from '../errors.ts'
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts'

export interface DevTokenOptions {
  readonly people: readonly { readonly id: string; readonly email: string }[]
  readonly signToken: (userId: string) => Promise<string>
}

/**
 * `/dev/token?email=` for the viewer picker: a token for one of the demo people. To be used in
 * development only, and even there only a page of ours on this machine gets one: the connection must
 * be local, the page of the same origin, and its host a local name, which another site that points
 * its own name at this machine does not have.
 */
export function createDevTokenStage({ people, signToken }: DevTokenOptions) {
  return async (exchange: Exchange): Promise<Answer | null> => {
    if (exchange.url.pathname !== '/dev/token' || exchange.method !== 'GET') return null
    if (!isOwnPage(exchange)) {
      throw new AppError('FORBIDDEN', 'Only GraphiQL on this machine gets tokens here')
    }
    const email = exchange.url.searchParams.get('email')
    const person = people.find((candidate) => candidate.email === email)
    if (!person) throw new AppError('NOT_FOUND', `${email} is none of the demo people`)
    return jsonAnswer(200, { token: await signToken(person.id) }, { 'cache-control': 'no-store' })
  }
}

const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

function isOwnPage({ isLocal, header }: Exchange): boolean {
  return (
    isLocal && header('sec-fetch-site') === 'same-origin' && localHost.test(header('host') ?? '')
  )
}
