import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { AppError } from '../errors.ts'

export interface AuthenticateOptions {
  /** What verifies a signature: a shared secret (HS256), or the URL of a key set. */
  readonly key: { readonly secret: string } | { readonly jwksUrl: string }
  /** The `iss` that every token must carry. Not checked when null. */
  readonly issuer: string | null
  /** The `aud` that every token must carry. Not checked when null. */
  readonly audience: string | null
  /** Milliseconds since the epoch. @default Date.now */
  readonly clock?: () => number
}

/**
 * Takes the value of an `Authorization` header and gives the id of the user who signed the request;
 * null when there is no header at all.
 *
 * @throws AppError `UNAUTHENTICATED` for a header that is not `Bearer <token>` and for a token that
 * does not verify: a bad token is never taken for anonymous. `SERVICE_UNAVAILABLE` when the key set
 * cannot be fetched, which is not the client's fault.
 */
export type Authenticate = (authorization: string | null) => Promise<string | null>

/** Clocks of issuer and server may differ by this much. */
const clockToleranceSeconds = 5

/**
 * A verified token is not verified again while it is remembered (55 us for RS256, 18 for HS256); the
 * bound on the time keeps a key that was withdrawn from living on in long tokens.
 */
const longestRememberedMs = 5 * 60_000
const mostRemembered = 10_000

const longestToken = 4_096

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const clock = options.clock ?? Date.now
  const verify = createVerify(options, clock)
  /** By their headers. */
  const remembered = new Map<string, { readonly userId: string; readonly untilMs: number }>()

  return async (authorization) => {
    if (authorization === null) return null
    const known = remembered.get(authorization)
    if (known && known.untilMs > clock()) return known.userId
    // Before the expression below looks at it: tokens have about 200 characters.
    if (authorization.length > longestToken) throw refuse('The token is too long')
    const token = /^Bearer +([\w~+/.-]+=*) *$/i.exec(authorization)?.[1]
    if (!token) throw refuse('The Authorization header must be "Bearer <token>"')

    const { userId, untilMs } = await userOf(token)
    // As nearly all send it: who writes it otherwise is verified each time, and has no entry beside.
    const header = `Bearer ${token}`
    // In at the end: a Map keeps the order of insertion, so the first was verified the longest ago.
    remembered.delete(header)
    remembered.set(header, { userId, untilMs })
    const [oldest] = remembered.keys()
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
    return userId
  }

  async function userOf(token: string) {
    const { sub, exp } = await verify(token)
    // Whoever signs it may put anything there, whatever the types say.
    if (typeof sub !== 'string' || !uuid.test(sub))
      throw refuse('The "sub" of the token must be the id of a user')

    const expiresMs = ((exp ?? 0) + clockToleranceSeconds) * 1_000
    const untilMs = Math.min(expiresMs, clock() + longestRememberedMs)
    return { userId: sub.toLowerCase(), untilMs }
  }
}

function createVerify(options: AuthenticateOptions, clock: () => number) {
  const { key, algorithms } = keyOf(options.key)
  const { issuer, audience } = options
  const expected: JWTVerifyOptions = {
    algorithms,
    clockTolerance: clockToleranceSeconds,
    // A token without an end would be good for ever, whoever finds it.
    requiredClaims: ['sub', 'exp'],
    ...(issuer === null ? {} : { issuer }),
    ...(audience === null ? {} : { audience }),
  }
  return async (token: string): Promise<JWTPayload> => {
    try {
      const result = await jwtVerify(token, key, { ...expected, currentDate: new Date(clock()) })
      return result.payload
    } catch (error) {
      throw explain(error)
    }
  }
}

// The algorithm is ours to say, never the token's: that is how `none` and a public key used as an
// HMAC secret get in.
function keyOf(key: AuthenticateOptions['key']): {
  key: JWTVerifyGetKey
  algorithms: string[]
} {
  if ('jwksUrl' in key) {
    return {
      key: createRemoteJWKSet(new URL(key.jwksUrl), { timeoutDuration: 3_000 }),
      algorithms: ['RS256', 'ES256', 'EdDSA'],
    }
  }
  const secret = new TextEncoder().encode(key.secret)
  return { key: () => secret, algorithms: ['HS256'] }
}

function explain(error: unknown): AppError {
  if (error instanceof errors.JWTExpired) return refuse('The token has expired')
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refuse(`The "${error.claim}" of the token is not accepted here`)
  }
  const isTokenAtFault =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  if (isTokenAtFault) return refuse('The token cannot be verified')
  return new AppError('SERVICE_UNAVAILABLE', 'The keys that verify tokens cannot be fetched now', {
    cause: error,
  })
}

function refuse(message: string): AppError {
  return new AppError('UNAUTHENTICATED', message)
}
