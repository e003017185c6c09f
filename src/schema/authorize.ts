import { AppError } from '../errors.ts'
import type { Prisma, Role } from '../generated/prisma/client.ts'
import { lockRows } from './lock-row.ts'

/** Who changes something: a signed-in viewer, as the transaction found them. */
export interface Writer {
  readonly id: string
  readonly role: Role
}

/**
 * Finds who is writing and keeps them from being deleted, or from changing their role, until the
 * transaction ends. Throws `UNAUTHENTICATED` when they are gone, `FORBIDDEN` when their role, as it
 * is now, may not call the mutation.
 */
export async function getWriter(
  tx: Prisma.TransactionClient,
  id: string,
  roles: readonly Role[],
): Promise<Writer> {
  const [user] = await tx.$queryRaw<{ role: Role }[]>`
    SELECT "role"::text FROM "User" WHERE "id" = ${id}::uuid FOR KEY SHARE`
  if (!user) throw unauthenticated()
  if (roles.includes(user.role)) return { id, role: user.role }
  throw forbidden(`This is for ${roles.map((role) => roleNames[role]).join(' and ')}`)
}

/** Everybody who is signed in. */
export const signedIn: readonly Role[] = ['STUDENT', 'TEACHER', 'ADMIN']

const roleNames: Readonly<Record<Role, string>> = {
  STUDENT: 'students',
  TEACHER: 'teachers',
  ADMIN: 'admins',
}

/**
 * Whose things a mutation changes: the viewer's own, or those of the person that an admin names.
 * The person cannot be deleted until the transaction ends.
 */
export async function getSubjectId(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  userId: string | undefined,
  field = 'input.userId',
): Promise<string> {
  if (userId === undefined || userId === viewer.id) return viewer.id
  if (viewer.role !== 'ADMIN') throw forbidden('Only admins may do this for somebody else', field)
  await lockRows(tx, 'User', [userId], 'keep')
  if ((await tx.user.count({ where: { id: userId } })) === 0) throw notFound('user', field)
  return userId
}

export function unauthenticated(): AppError {
  return new AppError('UNAUTHENTICATED', 'Sign in first: send a token as "Authorization: Bearer"')
}

export function forbidden(message: string, field?: string): AppError {
  return new AppError('FORBIDDEN', message, field === undefined ? {} : { field })
}

/** The same for a row that does not exist and one that the viewer may not see. */
export function notFound(what: string, field: string): AppError {
  return new AppError('NOT_FOUND', `"${field}": there is no such ${what}`, { field })
}

/** The rows are there, but as they are now the change makes no sense. */
export function conflict(message: string, field?: string): AppError {
  return new AppError('CONFLICT', message, field === undefined ? {} : { field })
}
