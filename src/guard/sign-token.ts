import { SignJWT } from 'jose'

export interface SignTokenOptions {
  readonly secret: string
  readonly issuer: string | null
  readonly audience: string | null
  /** @default 12 hours: a day's work with the demo data */
  readonly expiresInSeconds?: number
}

/** A bearer token for a user's raw id, as `createAuthenticate` accepts it with the same secret. */
export async function signToken(userId: string, options: SignTokenOptions): Promise<string> {
  const { secret, issuer, audience, expiresInSeconds = 12 * 3_600 } = options
  const token = new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInSeconds)
  if (issuer !== null) token.setIssuer(issuer)
  if (audience !== null) token.setAudience(audience)
  return token.sign(new TextEncoder().encode(secret))
}
