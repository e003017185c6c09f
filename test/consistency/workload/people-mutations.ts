import { globalIdOf } from './cast.ts'
import { active, byAdmin, type Mutations, next, ofAnybody, roomFor } from './draw-write.ts'

/** What people do about themselves, and admins about people. */
export const peopleMutations: Mutations = {
  updateProfile: [
    5,
    ofAnybody(({ name }, { version, random }) => ({
      headline: `v${version}`,
      ...(random.chance(0.5) && { name: next(name, version) }),
    })),
  ],
  updateBotSettings: [
    2,
    ofAnybody((_user, { version }) => ({
      language: `e${version % 10}-DE`.replace(/\d/, 'n'),
      autoJoin: version % 2 === 0,
    })),
  ],
  changePlan: [
    1,
    ofAnybody((_user, { random }) => ({ plan: random.pick(['FREE', 'PRO', 'TEAM']) })),
  ],
  grantCredits: [
    4,
    (draw) => {
      const user = draw.cast.find(draw.random, 'User')
      if (!user || !roomFor(draw, 'CreditEntry', 60)) return null
      const amount = draw.version % 97 || 5
      return byAdmin(draw, { userId: globalIdOf('User', user), amount, reason: `v${draw.version}` })
    },
  ],
  importStudents: [
    1,
    (draw) => {
      const { cast, random, version } = draw
      const course = cast.find(random, 'Course', active)
      if (!roomFor(draw, 'User', 28)) return null
      const rows = [0, 1, 2].map((n) => ({
        email: `i${version}x${n}@example.org`,
        name: `i${version}x${n}v0`,
      }))
      return byAdmin(draw, { rows, ...(course && { courseId: globalIdOf('Course', course) }) })
    },
  ],
  changeRole: [
    3,
    (draw) => {
      const user = draw.cast.find(
        draw.random,
        'User',
        ({ email }) => !String(email).startsWith('p1@'),
      )
      const role = draw.random.pick(['STUDENT', 'TEACHER', 'TEACHER', 'ADMIN'])
      return byAdmin(draw, user && { userId: globalIdOf('User', user), role })
    },
  ],
  deleteUser: [
    1,
    (draw) => {
      const user = draw.cast.find(draw.random, 'User', ({ email }) => String(email).startsWith('i'))
      return byAdmin(draw, user && { id: globalIdOf('User', user) })
    },
  ],
}
