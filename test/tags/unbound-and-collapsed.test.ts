import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collapseTags } from '../../src/cache/collapse-tags.ts'
import type { Tag } from '../../src/tags/tag.ts'
import { globalId } from '../support/global-id.ts'
import { copyCourse, remove, setOn, startStage } from './examples.ts'

let stage: Awaited<ReturnType<typeof startStage>>

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

test('only an equality that must hold binds a tag: hosted or attended is all meetings', async () => {
  const { id } = await stage.app.rows.user()
  await stage.app.query('{ viewer { meetings { nodes { title } } } }', { as: id })
  const tags = [...stage.left()].filter((tag) => /^(Meeting|Attendee)/.test(tag))

  expect(tags.sort()).toEqual(
    [
      ...['Meeting.*', 'Meeting.*/hostId', 'Meeting.*/startsAt'],
      ...[`Attendee.userId=${id}`, 'Attendee.userId~', `Attendee.userId=${id}/meetingId`],
    ].sort(),
  )
})

describe('an answer with too many tags of a model depends on every write to it', () => {
  const depends = async (write: (other: string) => string, limit: number) => {
    const { id: teacherId } = await stage.app.rows.teacher()
    for (let course = 0; course < 5; course += 1) await stage.app.rows.course({ teacherId })
    const other = (await stage.app.rows.course()).id
    await stage.app.query(
      `{ courses(filter: { status: ACTIVE, teacherId: "${globalId('User', teacherId)}" }) { nodes { title } } }`,
    )
    const kept = collapseTags(stage.left(), limit)
    const announced: readonly Tag[] = await stage.probe.tagsOf(write(other))
    return { kept, met: announced.filter((tag) => kept.includes(tag)) }
  }

  test('also one that changes no row of it', async () => {
    const write = (other: string) => setOn('Course', other, '"priceCents" = 7')

    const { kept, met } = await depends(write, 4)
    expect(kept).toEqual(['Course~'])
    expect(met).toEqual(['Course~'])
    expect((await depends(write, 200)).met).toEqual([])
  })

  test.for([
    ['an insert', (other: string) => copyCourse(other, 'a-copy')],
    ['a delete', (other: string) => remove('Course', other)],
  ] as const)('also %s beside it', async ([, write]) => {
    expect((await depends(write, 4)).met).toEqual(['Course~'])
  })
})
