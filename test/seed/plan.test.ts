import { expect, test } from 'vitest'
import { planConversations } from '../../prisma/seed/conversations.ts'
import { planCourses } from '../../prisma/seed/courses.ts'
import { createDrawDistinct } from '../../prisma/seed/draw-distinct.ts'
import { planEnrollments } from '../../prisma/seed/enrollments.ts'
import { planPeople } from '../../prisma/seed/people.ts'
import { createRandom } from '../../prisma/seed/random.ts'
import { createRowId } from '../../prisma/seed/row-id.ts'
import { createSeedPlan } from '../../prisma/seed/seed-plan.ts'
import { seedSizes } from '../../prisma/seed/seed-size.ts'
import { interleave, zipfSizes } from '../../prisma/seed/spread.ts'

test('bench has the promised numbers, and large ten times as many', () => {
  const { bench, large } = seedSizes

  expect(bench).toMatchObject({
    users: 30_000,
    courses: 1_000,
    lessons: 20_000,
    enrollments: 300_000,
    largestCourse: 20_000,
    meetings: 50_000,
    messages: 200_000,
    largestConversation: 100_000,
  })
  expect(large).toMatchObject({
    users: 300_000,
    courses: 10_000,
    enrollments: 3_000_000,
    messages: 2_000_000,
    largestConversation: 1_000_000,
  })
})

test('bench enrolls 20,000 in its largest course, nobody twice, and leaves some courses empty', () => {
  const plan = createSeedPlan('bench', 1)
  const people = planPeople(plan)
  const courses = planCourses(plan, people)
  const { courseOf, studentOf } = planEnrollments(plan, people, courses)

  const sizes = new Map<number, number>()
  const pairs = new Set<number>()
  courseOf.forEach((course, index) => {
    sizes.set(course, (sizes.get(course) ?? 0) + 1)
    pairs.add(course * people.length + (studentOf[index] ?? 0))
  })
  expect(courseOf).toHaveLength(300_000)
  expect(pairs.size).toBe(300_000)
  expect(Math.max(...sizes.values())).toBe(20_000)
  expect(sizes.size).toBeGreaterThan(800)
  expect(sizes.size).toBeLessThan(900)
})

test('half of the messages of bench are one conversation, the rest is spread over thousands', () => {
  const plan = createSeedPlan('bench', 1)
  const { conversationOf } = planConversations(plan, planPeople(plan))

  const sizes = new Map<number, number>()
  for (const place of conversationOf) sizes.set(place, (sizes.get(place) ?? 0) + 1)
  const [longest, next] = [...sizes.values()].sort((a, b) => b - a)
  expect(longest).toBe(100_000)
  expect(next).toBe(800)
  expect(sizes.size).toBeGreaterThan(5_000)
})

test('Zipf sizes add up to the total and begin with the largest', () => {
  for (const skew of [
    { owners: 900, total: 300_000, largest: 20_000 },
    { owners: 30_000, total: 50_000, largest: 500 },
    { owners: 12, total: 120, largest: 10 },
    { owners: 1, total: 5, largest: 5 },
  ]) {
    const sizes = zipfSizes(skew)
    expect(sizes).toHaveLength(skew.owners)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(skew.total)
    expect(sizes[0]).toBe(skew.largest)
  }
})

test('a share that cannot be held is refused with its numbers', () => {
  expect(() => zipfSizes({ owners: 2, total: 9, largest: 4 })).toThrow('2 owners of at most 4')
})

test('interleaving keeps every owner’s number of items', () => {
  const items = interleave(createRandom(1, 'test'), Uint32Array.of(3, 0, 7, 1), 4)

  const counts = [0, 1, 2, 3].map((owner) => items.filter((item) => item === owner).length)
  expect(counts).toEqual([3, 0, 7, 1])
})

test('a draw gives different numbers, none of those taken, and favours small ones', () => {
  const draw = createDrawDistinct(createRandom(1, 'test'), 100)
  let belowTen = 0
  for (let round = 0; round < 200; round++) {
    const drawn = draw(20, [0, 50])
    expect(new Set([...drawn, 0, 50]).size).toBe(22)
    belowTen += drawn.filter((number) => number < 10).length
  }

  expect(belowTen).toBeGreaterThan(200 * 2 * 1.5)
  expect(draw(98, [0, 50])).toHaveLength(98)
  expect(() => draw(99, [0, 50])).toThrow('cannot be drawn')
})

test('a million ids of one instant are all different', () => {
  const rowId = createRowId(1, 'Message')
  const instant = Date.UTC(2026, 0, 1) * 1000 + 123
  const ids = new Set(Array.from({ length: 1_000_000 }, (_, index) => rowId(index, instant)))

  expect(ids.size).toBe(1_000_000)
})

test('the same seed and stream repeat their numbers, others do not', () => {
  const draw = (seed: number, stream: string) => {
    const random = createRandom(seed, stream)
    return Array.from({ length: 8 }, () => random.unit())
  }

  expect(draw(1, 'a')).toEqual(draw(1, 'a'))
  expect(draw(1, 'a')).not.toEqual(draw(2, 'a'))
  expect(draw(1, 'a')).not.toEqual(draw(1, 'b'))
})
