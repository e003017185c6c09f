import { hash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import { type Answer, type Exchange, jsonAnswer, type Stage } from './exchange.ts'

export interface OperatorOptions {
  /** Who shows it may look: as a bearer token, or as the password that a browser asks for. */
  readonly token: string | null
  /** Who may look where there is no token. */
  readonly without: 'everybody' | 'this machine' | 'nobody'
  /** What there is to see, by path. */
  readonly pages: Readonly<Record<string, (exchange: Exchange) => Promise<Answer> | Answer>>
}

/** The pages that are the operator's alone. Where nobody may look, there is nothing. */
export function createOperatorStage({ token, without, pages }: OperatorOptions): Stage {
  if (token === null && without === 'nobody') return () => null
  return (exchange) => {
    const { pathname } = exchange.url
    const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined
    if (!page) return null
    if (token === null && without === 'this machine' && !isOwnMachine(exchange)) {
      throw new AppError('FORBIDDEN', 'Set METRICS_TOKEN to look from another machine')
    }
    if (token !== null && !shows(token, exchange.header('authorization'))) return askForToken()
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      return jsonAnswer(405, { errors: [{ message: 'Only to be looked at' }] }, { allow: 'GET' })
    }
    return page(exchange)
  }
}

const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/** Nor may a site on the net, whether it asks from its page or points its own name at this machine. */
function isOwnMachine({ isLocal, header }: Exchange): boolean {
  const site = header('sec-fetch-site') ?? 'none'
  const isOwnPage = site === 'same-origin' || site === 'none'
  return isLocal && isOwnPage && localHost.test(header('host') ?? 'localhost')
}

function shows(token: string, authorization: string | null): boolean {
  const [scheme = '', value = ''] = authorization?.split(' ', 2) ?? []
  if (/^bearer$/i.test(scheme)) return isSame(token, value)
  if (!/^basic$/i.test(scheme)) return false
  const named = Buffer.from(value, 'base64').toString('utf8')
  return isSame(token, named.slice(named.indexOf(':') + 1))
}

/** By their digests, which take the same time to compare however much of them is right. */
function isSame(wanted: string, came: string): boolean {
  return timingSafeEqual(hash('sha256', wanted, 'buffer'), hash('sha256', came, 'buffer'))
}

function askForToken(): Answer {
  const message = 'Show METRICS_TOKEN as a bearer token, or as the password'
  return jsonAnswer(
    401,
    { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
    { 'www-authenticate': 'Basic realm="loadline", charset="UTF-8"', 'cache-control': 'no-store' },
  )
}
