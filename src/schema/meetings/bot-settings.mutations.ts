import { getSubjectId, signedIn } from '../authorize.ts'
import { flag, language } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { ofWhom } from '../people/of-whom.ts'
import { present } from '../present.ts'
import { BotSettings } from './bot-settings.type.ts'

mutation('updateBotSettings', {
  description: 'Changes what the meeting bot does for a person; what is left out stays.',
  allow: signedIn,
  input: {
    userId: ofWhom(),
    autoJoin: flag().optional().describe('Whether the bot joins all meetings by itself.'),
    recordingEnabled: flag().optional().describe('Whether the bot records the meetings it joins.'),
    language: language()
      .optional()
      .describe('The language of its notes, as a BCP 47 tag: `en`, `pt-BR`.'),
  },
  payload: { botSettings: one(BotSettings, 'The settings, as they are now.') },
  async run({ input: { userId: given, ...settings }, tx, viewer }) {
    const userId = await getSubjectId(tx, viewer, given)
    const { id } = await tx.botSettings.upsert({
      where: { userId },
      create: { userId, ...present(settings) },
      update: present(settings),
      select: { id: true },
    })
    return { botSettings: id }
  },
})
