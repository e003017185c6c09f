import { getSubjectId } from '../authorize.ts'
import { globalId, integer, text } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { CreditEntry } from './credit-entry.type.ts'
import { User } from './user.type.ts'

mutation('grantCredits', {
  description: "Writes a line in a person's credit account.",
  allow: ['ADMIN'],
  input: {
    userId: globalId('User').describe('Whose account.'),
    amount: integer(-1_000_000, 1_000_000).describe(
      'Credits to give, at most a million; negative takes them. Not 0.',
    ),
    reason: text(500).describe('Why, in words meant for the person; at most 500 characters.'),
  },
  check({ amount }, fault) {
    if (amount === 0) fault(['amount'], 'must not be 0')
  },
  payload: {
    user: one(User, 'The person, with the balance as it is now.'),
    creditEntry: one(CreditEntry, 'The line.'),
  },
  async run({ input: { userId, amount, reason }, tx, viewer }) {
    await getSubjectId(tx, viewer, userId)
    const entry = await tx.creditEntry.create({
      data: { userId, amount, reason },
      select: { id: true },
    })
    return { user: userId, creditEntry: entry.id }
  },
})
