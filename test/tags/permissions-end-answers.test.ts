import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { enroll, type Given, invite, setOn, startStage, titleOf } from './examples.ts'

let stage: Awaited<ReturnType<typeof startStage>>

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

describe('an answer ends with what decides who may see it:', () => {
  test.for<readonly [what: string, given: Given]>([
    [
      'leaving a course that is ARCHIVED, which only students see',
      async (rows) => {
        const { id } = await rows.course({ status: 'ARCHIVED' })
        const { id: enrollment, studentId } = await rows.enrollment({ courseId: id })
        return {
          as: studentId,
          ask: titleOf(id),
          write: setOn('Enrollment', enrollment, `status = 'CANCELLED'`),
        }
      },
    ],
    [
      'entering a course that is ARCHIVED, where it was not there before',
      async (rows) => {
        const [course, student] = await Promise.all([
          rows.course({ status: 'ARCHIVED' }),
          rows.user(),
        ])
        return { as: student.id, ask: titleOf(course.id), write: enroll(course.id, student.id) }
      },
    ],
    [
      'a row that was only looked at, and may be seen now',
      async (rows) => {
        const { id } = await rows.course({ status: 'DRAFT' })
        return { ask: titleOf(id), write: setOn('Course', id, `status = 'ACTIVE'`) }
      },
    ],
    [
      'an invitation to a meeting that was only looked at',
      async (rows) => {
        const [meeting, user] = await Promise.all([rows.meeting(), rows.user()])
        return {
          as: user.id,
          ask: `{ meeting(id: "${globalId('Meeting', meeting.id)}") { title } }`,
          write: invite(meeting.id, user.id),
        }
      },
    ],
    [
      'what decides about a field that was refused',
      async (rows) => {
        const { courseId } = await rows.lesson()
        const { id: student } = await rows.user()
        return {
          as: student,
          ask: `{ course(id: "${globalId('Course', courseId)}") { lessons { nodes { body } } } }`,
          write: enroll(courseId, student),
        }
      },
    ],
    [
      'another role of who asks',
      async (rows) => {
        const { id } = await rows.user()
        return {
          as: id,
          ask: '{ platformStats { activeCourseCount } }',
          write: setOn('User', id, `role = 'ADMIN'`),
        }
      },
    ],
  ])('%s', async ([, given]) => {
    const { met, announced, left, isChanged } = await stage.play(given)

    expect(met, `left ${[...left].join(' ')}\nannounced ${announced.join(' ')}`).not.toEqual([])
    expect(isChanged).toBe(true)
  })
})
