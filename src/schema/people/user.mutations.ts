import type { Prisma } from '../../generated/prisma/client.ts'
import { conflict, notFound } from '../authorize.ts'
import { choice, globalId } from '../input-values.ts'
import { lockRows } from '../lock-row.ts'
import { mutation } from '../mutation.ts'
import { deleted, one } from '../payload.ts'
import { Role } from './people.enums.ts'
import { User } from './user.type.ts'

mutation('changeRole', {
  description:
    'Makes a person a student, teacher or admin. Nobody changes their own role, so one admin always remains, and a teacher who has courses cannot become a student.',
  allow: ['ADMIN'],
  input: {
    userId: globalId('User').describe('Whose role.'),
    role: choice(Role).describe('The role to have.'),
  },
  payload: { user: one(User, 'The person, as they are now.') },
  async run({ input: { userId, role }, tx, viewer }) {
    if (userId === viewer.id) throw conflict('Nobody changes their own role', 'input.userId')
    const user = await getUserAlone(tx, userId, 'input.userId')
    if (role === 'STUDENT' && user._count.courses > 0) {
      throw conflict(
        `A student has no courses, and this person has ${user._count.courses}`,
        'input.role',
      )
    }
    await tx.user.update({ where: { id: userId }, data: { role } })
    return { user: userId }
  },
})

mutation('deleteUser', {
  description:
    'Deletes a person with all that is theirs. Somebody who has courses, or payments on record, cannot be deleted, nor can admins delete themselves.',
  allow: ['ADMIN'],
  input: { id: globalId('User').describe('The person to delete.') },
  payload: { deletedUserId: deleted('User', 'The id that the person had.') },
  async run({ input: { id }, tx, viewer }) {
    if (id === viewer.id) throw conflict('Admins cannot delete themselves', 'input.id')
    const user = await getUserAlone(tx, id, 'input.id')
    const { courses, payments } = user._count
    if (courses > 0) throw conflict(`This person still has ${courses} courses`, 'input.id')
    if (payments > 0) {
      throw conflict(`Payments stay on record, and this person has ${payments}`, 'input.id')
    }
    await tx.user.delete({ where: { id } })
    return { deletedUserId: id }
  },
})

/**
 * A person to whom nothing can be attached until the transaction ends. Of two admins who remove each
 * other at once only one succeeds: each keeps their own role locked while their call runs.
 */
async function getUserAlone(tx: Prisma.TransactionClient, id: string, field: string) {
  await lockRows(tx, 'User', [id], 'alone')
  const user = await tx.user.findUnique({
    where: { id },
    select: { _count: { select: { courses: true, payments: true } } },
  })
  if (!user) throw notFound('user', field)
  return user
}
