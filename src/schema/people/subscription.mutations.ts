import { getSubjectId, signedIn } from '../authorize.ts'
import { choice } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { ofWhom } from './of-whom.ts'
import { Plan } from './people.enums.ts'
import { Subscription } from './subscription.type.ts'

mutation('changePlan', {
  description:
    'Puts a person on a plan. A paid plan renews a month from now, FREE never; being on the plan already changes nothing.',
  allow: signedIn,
  input: {
    userId: ofWhom(),
    plan: choice(Plan).describe('The plan to be on.'),
  },
  payload: { subscription: one(Subscription, 'The subscription, as it is now.') },
  async run({ input, tx, viewer }) {
    const userId = await getSubjectId(tx, viewer, input.userId)
    const { id } = await tx.subscription.upsert({
      where: { userId },
      create: { userId },
      update: {},
      select: { id: true },
    })
    await tx.$executeRaw`
      UPDATE "Subscription"
      SET "plan" = ${input.plan}::"Plan", "status" = 'ACTIVE', "updatedAt" = now(),
        "renewsAt" = CASE WHEN ${input.plan} = 'FREE' THEN NULL ELSE now() + interval '1 month' END
      WHERE "id" = ${id}::uuid
        AND ("plan", "status") IS DISTINCT FROM (${input.plan}::"Plan", 'ACTIVE'::"SubscriptionStatus")`
    return { subscription: id }
  },
})
