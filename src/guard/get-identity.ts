import { AppError } from '../errors.ts'
import type { Identity } from './viewer.ts'

/** Who has an id now; null when nobody has. */
export type FindIdentity = (userId: string) => Promise<Identity | null>

/**
 * The user that a verified token speaks of, as the database knows them now.
 *
 * @throws AppError `UNAUTHENTICATED` when the user is gone: their token is not taken for anonymous
 */
export async function getIdentity(userId: string, find: FindIdentity): Promise<Identity> {
  const identity = await find(userId)
  if (identity) return identity
  throw new AppError('UNAUTHENTICATED', 'The user of this token no longer exists')
}
