import { getSubjectId, notFound, signedIn } from '../authorize.ts'
import { choice } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { deleted, one } from '../payload.ts'
import { ofWhom } from '../people/of-whom.ts'
import { User } from '../people/user.type.ts'
import { Integration } from './integration.type.ts'
import { IntegrationProvider } from './meetings.enums.ts'

mutation('connectIntegration', {
  description: 'Connects an account with a service, or mends the connection that there is.',
  allow: signedIn,
  input: { userId: ofWhom(), provider: choice(IntegrationProvider).describe('The service.') },
  payload: {
    integration: one(Integration, 'The connection, as it is now.'),
    user: one(User, 'Whose it is.'),
  },
  async run({ input: { userId: given, provider }, tx, viewer }) {
    const userId = await getSubjectId(tx, viewer, given)
    const integration = await tx.integration.upsert({
      where: { userId_provider: { userId, provider } },
      create: { userId, provider },
      update: { status: 'CONNECTED' },
      select: { id: true },
    })
    return { integration: integration.id, user: userId }
  },
})

mutation('disconnectIntegration', {
  description: 'Ends the connection of an account with a service.',
  allow: signedIn,
  input: { userId: ofWhom(), provider: choice(IntegrationProvider).describe('The service.') },
  payload: {
    deletedIntegrationId: deleted('Integration', 'The id that the connection had.'),
    user: one(User, 'Whose it was, without it.'),
  },
  async run({ input: { userId: given, provider }, tx, viewer }) {
    const userId = await getSubjectId(tx, viewer, given)
    const [integration] = await tx.$queryRaw<{ id: string }[]>`
      DELETE FROM "Integration"
      WHERE "userId" = ${userId}::uuid AND "provider" = ${provider}::"IntegrationProvider"
      RETURNING "id"`
    if (!integration) throw notFound('connection', 'input.provider')
    return { deletedIntegrationId: integration.id, user: userId }
  },
})
