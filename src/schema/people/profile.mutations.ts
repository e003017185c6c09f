import { getSubjectId, signedIn } from '../authorize.ts'
import { text, timezone, url } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { present } from '../present.ts'
import { ofWhom } from './of-whom.ts'
import { Profile } from './profile.type.ts'
import { User } from './user.type.ts'

mutation('updateProfile', {
  description:
    'Changes what a person tells about themselves. What is left out stays; null clears what may be empty.',
  allow: signedIn,
  input: {
    userId: ofWhom(),
    name: text(120).optional().describe('Their name as others see it, at most 120 characters.'),
    timezone: timezone().optional().describe('Their IANA time zone: `Europe/Berlin`.'),
    avatarUrl: url().nullish().describe('The address of their picture.'),
    headline: text(160).nullish().describe('What they are in a line, at most 160 characters.'),
    bio: text(4_000).nullish().describe('About them, at most 4,000 characters.'),
    website: url().nullish().describe('The address of their website.'),
  },
  payload: {
    user: one(User, 'The person, as they are now.'),
    profile: one(Profile, 'The profile, as it is now.'),
  },
  async run({ input, tx, viewer }) {
    const { userId: given, name, timezone, avatarUrl, headline, bio, website } = input
    const userId = await getSubjectId(tx, viewer, given)
    if (name !== undefined || timezone !== undefined || avatarUrl !== undefined) {
      await tx.user.update({ where: { id: userId }, data: present({ name, timezone, avatarUrl }) })
    }
    const about = present({ headline, bio, website })
    const profile = await tx.profile.upsert({
      where: { userId },
      create: { userId, ...about },
      update: about,
      select: { id: true },
    })
    return { user: userId, profile: profile.id }
  },
})
