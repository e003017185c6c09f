import { describe, expect, test } from 'vitest'
import type { Answer } from './bench.ts'
import { createHistory, type Row } from './history.ts'
import { judge } from './judge.ts'

const teacher: Row = { id: 't', role: 'TEACHER', name: 'p1v0' }
const course: Row = { id: 'c', slug: 'c1', title: 'c1v0', status: 'ACTIVE', teacherId: 't' }
const page = 'query ($slug: String!) { course(slug: $slug) { id title stats { enrollmentCount } } }'

/** A course with one enrollment; a write to it is under way from 10 to 20, another from 30 to 40. */
function createCase(changes: readonly (Row | null)[]) {
  const history = createHistory()
  const seed = { name: 'seed', what: 'seed', begunMs: 0, ackedMs: 0 }
  history.record('User', 't', { operation: seed, row: teacher })
  history.record('Course', 'c', { operation: seed, row: course })
  const enrollment = { id: 'e', courseId: 'c', studentId: 's', status: 'ACTIVE' }
  history.record('Enrollment', 'e', { operation: seed, row: enrollment })
  for (const [turn, row] of changes.entries()) {
    const begunMs = 10 + turn * 20
    const operation = { name: `${turn}`, what: 'a write', begunMs, ackedMs: begunMs + 10 }
    history.record('Course', 'c', { operation, row })
  }
  return (
    data: unknown,
    [startMs, endMs]: readonly [number, number],
    viewerId: string | null = null,
  ) => judge(answer(data, viewerId), history, { startMs, endMs }).map(({ path }) => path)
}

function answer(data: unknown, viewerId: string | null): Answer {
  return { document: page, variables: { slug: 'c1' }, viewerId, data, errors: [] }
}

function shown(title: string, enrollmentCount = 1) {
  const id = Buffer.from('Course:c').toString('base64url')
  return { course: { id, title, stats: { enrollmentCount } } }
}

describe('an answer is', () => {
  const renamed = { ...course, title: 'c1v1' }
  const judged = createCase([renamed, { ...course, title: 'c1v2' }])

  test('right while it shows what was acknowledged last before it was asked for', () => {
    expect(judged(shown('c1v0'), [1, 2])).toEqual([])
    expect(judged(shown('c1v1'), [21, 22])).toEqual([])
    expect(judged(shown('c1v2'), [41, 42])).toEqual([])
  })

  test('right with either state while a write is under way, also when reading stretches over it', () => {
    expect(judged(shown('c1v0'), [12, 14])).toEqual([])
    expect(judged(shown('c1v1'), [12, 14])).toEqual([])
    expect(judged(shown('c1v2'), [12, 35])).toEqual([])
  })

  test('wrong with a state before the last that was acknowledged', () => {
    expect(judged(shown('c1v0'), [21, 22])).toEqual(['.course.title'])
    expect(judged(shown('c1v0'), [21, 35])).toEqual(['.course.title'])
  })

  test('wrong with a state that was not begun', () => {
    expect(judged(shown('c1v2'), [21, 22])).toEqual(['.course.title'])
  })

  test('wrong with another count', () => {
    expect(judged(shown('c1v0', 2), [1, 2])).toEqual(['.course.stats.enrollmentCount'])
    expect(judged(shown('c1v0', 0), [1, 2])).toEqual(['.course.stats.enrollmentCount'])
  })
})

test('what somebody may not see any more is wrong in an answer for them alone', () => {
  const judged = createCase([{ ...course, status: 'DRAFT' }])

  expect(judged(shown('c1v0'), [21, 22])).toEqual(['.course'])
  expect(judged({ course: null }, [21, 22])).toEqual([])
  expect(judged(shown('c1v0'), [21, 22], 't')).toEqual([])
  expect(judged({ course: null }, [21, 22], 't')).toEqual(['.course'])
})

test('a row that is being given another name may be found by the old one, or not', () => {
  const judged = createCase([{ ...course, slug: 'c2' }])

  expect(judged({ course: null }, [1, 2])).toEqual(['.course'])
  expect(judged({ course: null }, [12, 14])).toEqual([])
  expect(judged(shown('c1v0'), [12, 14])).toEqual([])
  expect(judged(shown('c1v0'), [21, 22])).toEqual(['.course'])
})

test('somebody who was deleted is answered nothing', () => {
  const judged = createCase([])

  expect(judged({ course: null }, [1, 2], 'nobody has this id')).toEqual([''])
})
