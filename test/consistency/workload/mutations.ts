import type { Mutations } from './draw-write.ts'
import { learningMutations } from './learning-mutations.ts'
import { meetingMutations } from './meeting-mutations.ts'
import { peopleMutations } from './people-mutations.ts'

export const mutations: Mutations = {
  ...peopleMutations,
  ...learningMutations,
  ...meetingMutations,
}

/** What a client would show next; what the mutation did is asked of the database. */
const payloads: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['updateCourse', 'createCourse', 'publishCourse', 'archiveCourse', 'addLesson'].map((name) => [
      name,
      'course { id title status lessons(first: 50) { totalCount } }',
    ]),
  ),
  updateProfile: 'profile { id headline } user { id name }',
  updateProgress: 'enrollment { id progress status course { id } }',
  enroll: 'enrollment { id } course { id stats { enrollmentCount } }',
  cancelEnrollment: 'enrollment { id status course { id } student { id } }',
  createMeeting:
    'meeting { id title host { id } attendees(first: 20) { nodes { id user { id } } } }',
  respondToMeeting: 'attendee { id response } meeting { id }',
  changeRole: 'user { id role }',
  grantCredits: 'user { id creditBalance }',
}

export function documentOf(name: string): string {
  const type = name.replace(/^./, (letter) => letter.toUpperCase())
  const payload = payloads[name] ?? '__typename'
  return `mutation ${type}($input: ${type}Input!) { ${name}(input: $input) { ${payload} } }`
}
