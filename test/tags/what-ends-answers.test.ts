import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import {
  copyCourse,
  enroll,
  type Given,
  invite,
  remove,
  setOn,
  startStage,
  statsOf,
  titleOf,
} from './examples.ts'

let stage: Awaited<ReturnType<typeof startStage>>

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

describe('an answer ends with', () => {
  test.for<readonly [what: string, given: Given]>([
    [
      'an update of a row that it shows',
      async (rows) => {
        const { id } = await rows.course()
        return { ask: titleOf(id), write: setOn('Course', id, `title = 'changed'`) }
      },
    ],
    [
      'the end of a row that it shows',
      async (rows) => {
        const { id } = await rows.course()
        return { ask: titleOf(id), write: remove('Course', id) }
      },
    ],
    [
      'the begin of a row that it did not find',
      async (rows) => {
        const { id } = await rows.course()
        return {
          ask: '{ course(slug: "not-there-yet") { title } }',
          write: copyCourse(id, 'not-there-yet'),
        }
      },
    ],
    [
      'a row that takes the name under which it found nothing',
      async (rows) => {
        const { id } = await rows.course()
        return {
          ask: '{ course(slug: "taken-over") { title } }',
          write: setOn('Course', id, `slug = 'taken-over'`),
        }
      },
    ],
    [
      'the first entry of a list that was empty',
      async (rows) => {
        const [course, admin, student] = await Promise.all([
          rows.course(),
          rows.admin(),
          rows.user(),
        ])
        return {
          as: admin.id,
          ask: `{ course(id: "${globalId('Course', course.id)}") { enrollments { nodes { progress } } } }`,
          write: enroll(course.id, student.id),
        }
      },
    ],
    [
      'an entry more in a count',
      async (rows) => {
        const [course, student] = await Promise.all([rows.course(), rows.user()])
        return { ask: statsOf(course.id, 'enrollmentCount'), write: enroll(course.id, student.id) }
      },
    ],
    [
      'an entry less in a count',
      async (rows) => {
        const { id, courseId } = await rows.enrollment()
        return { ask: statsOf(courseId, 'enrollmentCount'), write: remove('Enrollment', id) }
      },
    ],
    [
      'an entry less in a count by a cascade',
      async (rows) => {
        const { studentId, courseId } = await rows.enrollment()
        return { ask: statsOf(courseId, 'enrollmentCount'), write: remove('User', studentId) }
      },
    ],
    [
      'a row that leaves its list',
      async (rows) => {
        const [{ id, courseId }, other] = await Promise.all([rows.enrollment(), rows.course()])
        return {
          ask: statsOf(courseId, 'enrollmentCount'),
          write: setOn('Enrollment', id, `"courseId" = '${other.id}'`),
        }
      },
    ],
    [
      'a row that enters its list',
      async (rows) => {
        const [{ id }, other] = await Promise.all([rows.enrollment(), rows.course()])
        return {
          ask: statsOf(other.id, 'enrollmentCount'),
          write: setOn('Enrollment', id, `"courseId" = '${other.id}'`),
        }
      },
    ],
    [
      'a column by which it counts',
      async (rows) => {
        const { id, courseId } = await rows.enrollment()
        return {
          ask: statsOf(courseId, 'enrollmentCount'),
          write: setOn('Enrollment', id, `status = 'CANCELLED'`),
        }
      },
    ],
    [
      'a column that it is worked out from',
      async (rows) => {
        const { id, courseId } = await rows.enrollment({ progress: 0.25 })
        const { id: admin } = await rows.admin()
        return {
          as: admin,
          ask: statsOf(courseId, 'averageProgress'),
          write: setOn('Enrollment', id, 'progress = 0.75'),
        }
      },
    ],
    [
      'money that comes, where it shows the sum',
      async (rows) => {
        const { id, courseId } = await rows.payment({ status: 'PENDING' })
        const { id: admin } = await rows.admin()
        return {
          as: admin,
          ask: statsOf(courseId, 'revenueCents'),
          write: setOn('Payment', id, `status = 'COMPLETED'`),
        }
      },
    ],
    [
      'an invitation, where it lists meetings hosted or attended',
      async (rows) => {
        const [user, meeting] = await Promise.all([rows.user(), rows.meeting()])
        return {
          as: user.id,
          ask: '{ viewer { meetings { totalCount nodes { title } } } }',
          write: invite(meeting.id, user.id),
        }
      },
    ],
    [
      'the end of an invitation, where it lists meetings hosted or attended',
      async (rows) => {
        const { id, userId } = await rows.attendee()
        return {
          as: userId,
          ask: '{ viewer { meetings { nodes { title } } } }',
          write: remove('Attendee', id),
        }
      },
    ],
    [
      'an enrollment, where it lists the courses with the most',
      async (rows, app) => {
        const [teacher, student] = await Promise.all([rows.teacher(), rows.user()])
        const [first, second] = [
          await rows.course({ teacherId: teacher.id }),
          await rows.course({ teacherId: teacher.id }),
        ]
        const ask = `{ courses(filter: { status: ACTIVE, teacherId: "${globalId('User', teacher.id)}" }, orderBy: MOST_ENROLLED) { nodes { title } } }`
        const { data } = await app.query(ask)
        const last = data.courses.nodes[0].title === first.title ? second : first
        return { ask, write: enroll(last.id, student.id) }
      },
    ],
    [
      'a text by which it searched',
      async (rows) => {
        const { id } = await rows.course()
        return {
          ask: '{ courses(filter: { status: ACTIVE, search: "needle" }) { totalCount } }',
          write: setOn('Course', id, `summary = 'a needle in it'`),
        }
      },
    ],
    [
      'credits, where it ranks by them',
      async (rows) => {
        const { userId } = await rows.creditEntry({ amount: 5 })
        return {
          ask: '{ leaderboard(first: 100) { nodes { rank name credits } } }',
          write: `INSERT INTO "CreditEntry" (id, "userId", amount, reason, "updatedAt")
            VALUES (gen_random_uuid(), '${userId}', 1000000, 'r', now())`,
        }
      },
    ],
  ])('%s', async ([, given]) => {
    const { met, announced, left, isChanged } = await stage.play(given)

    expect(met, `left ${[...left].join(' ')}\nannounced ${announced.join(' ')}`).not.toEqual([])
    expect(isChanged).toBe(true)
  })
})
