import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { enroll, type Given, setOn, startStage, statsOf, titleOf } from './examples.ts'

let stage: Awaited<ReturnType<typeof startStage>>

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

describe('an answer outlives', () => {
  test.for<readonly [what: string, given: Given]>([
    [
      'an update of another row',
      async (rows) => {
        const [shown, other] = await Promise.all([rows.course(), rows.course()])
        return { ask: titleOf(shown.id), write: setOn('Course', other.id, `title = 'changed'`) }
      },
    ],
    [
      'a new row beside one that it shows',
      async (rows) => {
        const [shown, student] = await Promise.all([rows.course(), rows.user()])
        return { ask: titleOf(shown.id), write: enroll(shown.id, student.id) }
      },
    ],
    [
      'progress, where it counts',
      async (rows) => {
        const { id, courseId } = await rows.enrollment()
        return {
          ask: statsOf(courseId, 'enrollmentCount'),
          write: setOn('Enrollment', id, 'progress = 0.5'),
        }
      },
    ],
    [
      'progress, where it shows titles in the order of enrollments',
      async (rows) => {
        const { id } = await rows.enrollment()
        return {
          ask: '{ courses(filter: { status: ACTIVE }, orderBy: MOST_ENROLLED) { nodes { title } } }',
          write: setOn('Enrollment', id, 'progress = 0.5'),
        }
      },
    ],
    [
      'a reason, where it sums up amounts',
      async (rows) => {
        const { id, userId } = await rows.creditEntry()
        const { id: admin } = await rows.admin()
        return {
          as: admin,
          ask: `{ user(id: "${globalId('User', userId)}") { creditBalance } }`,
          write: setOn('CreditEntry', id, `reason = 'another'`),
        }
      },
    ],
    [
      'an entry more in another count',
      async (rows) => {
        const [course, { courseId }, student] = await Promise.all([
          rows.course(),
          rows.enrollment(),
          rows.user(),
        ])
        return { ask: statsOf(course.id, 'enrollmentCount'), write: enroll(courseId, student.id) }
      },
    ],
    [
      'a row that moves between two other lists',
      async (rows) => {
        const [course, { id }, other] = await Promise.all([
          rows.course(),
          rows.enrollment(),
          rows.course(),
        ])
        return {
          ask: statsOf(course.id, 'enrollmentCount'),
          write: setOn('Enrollment', id, `"courseId" = '${other.id}'`),
        }
      },
    ],
    [
      'an answer to an invitation, where it lists meetings hosted or attended',
      async (rows) => {
        const { id, userId } = await rows.attendee()
        return {
          as: userId,
          ask: '{ viewer { meetings { nodes { title } } } }',
          write: setOn('Attendee', id, `response = 'ACCEPTED'`),
        }
      },
    ],
    [
      'another role of who asks, where nothing was asked of them',
      async (rows) => {
        const [course, user] = await Promise.all([rows.course(), rows.user()])
        return {
          as: user.id,
          ask: titleOf(course.id),
          write: setOn('User', user.id, `role = 'ADMIN'`),
        }
      },
    ],
    [
      'a name that is not ranked',
      async (rows) => {
        const [{ id }] = await Promise.all([rows.user(), rows.creditEntry()])
        return {
          ask: '{ leaderboard { nodes { rank name credits } } }',
          write: setOn('User', id, `name = 'changed'`),
        }
      },
    ],
    [
      'a price, where it searched by text and found nothing',
      async (rows) => {
        const { id } = await rows.course()
        return {
          ask: '{ courses(filter: { status: ACTIVE, search: "no such text" }) { totalCount } }',
          write: setOn('Course', id, '"priceCents" = 7'),
        }
      },
    ],
    [
      'what somebody else used',
      async (rows) => {
        const [{ userId }, other] = await Promise.all([rows.usageRecord(), rows.usageRecord()])
        return {
          as: userId,
          ask: '{ viewer { usage { nodes { quantity } } } }',
          write: setOn('UsageRecord', other.id, 'quantity = 7'),
        }
      },
    ],
  ])('%s', async ([, given]) => {
    const { met, isChanged } = await stage.play(given)

    expect(met).toEqual([])
    expect(isChanged).toBe(false)
  })
})
