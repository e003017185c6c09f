import { AppError } from '../errors.ts'
import type { Identity } from './viewer.ts'

/**
 * The user that a verified token speaks of, as the database knows them now.
 *
 * @throws AppError `UNAUTHENTICATED` when the user is gone: their token is not taken for anonymous
 */
export async function getIdentity(find: () => Promise<Identity | null>): Promise<Identity> {
  const identity = await find()
  if (identity) return identity
  throw new AppError('UNAUTHENTICATED', 'The user of this token no longer exists')
}
