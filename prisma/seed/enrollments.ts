import { type PlannedCourse, rankPublished } from './courses.ts'
import { createDrawDistinct } from './draw-distinct.ts'
import {
  createClock,
  day,
  hour,
  type Instant,
  laterChange,
  midnight,
  minute,
  nextSlot,
  seedPresent,
} from './instant.ts'
import { demoStudent, type Person } from './people.ts'
import type { Random } from './random.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { interleave, zipfSizes } from './spread.ts'

/** Who is enrolled where, in order of time: places in `courses` and `people`. */
export interface PlannedEnrollments {
  readonly courses: readonly PlannedCourse[]
  readonly courseOf: Uint32Array
  readonly studentOf: Uint32Array
}

/** Ranks of the courses in which the demo student is enrolled; 4, 8 and 13 are archived. */
const demoRanks = new Set([0, 1, 2, 3, 4, 5, 8, 10, 12, 13, 20, 30])
const demoCompleted = new Set([1, 4])
const demoCancelled = new Set([20])

/**
 * By Zipf over the published courses, of which the last have none; some students are in many
 * courses, many in few.
 */
export function planEnrollments(
  plan: SeedPlan,
  people: readonly Person[],
  allCourses: readonly PlannedCourse[],
): PlannedEnrollments {
  const { enrollments: total, largestCourse: largest } = plan.counts
  const random = plan.random('enrollments')
  const courses = rankPublished(allCourses)
  const sizes = zipfSizes({ owners: Math.floor(courses.length * 0.95), total, largest })
  const isFree = ({ role }: Person, place: number) => role === 'STUDENT' && place !== demoStudent
  const students = Uint32Array.from([...people.keys()]).filter((place) => {
    const person = people[place]
    return person !== undefined && isFree(person, place)
  })
  const draw = createDrawDistinct(random, students.length)
  const queues = Array.from(sizes, (size, rank) => {
    const guests = demoRanks.has(rank) ? [demoStudent] : []
    return [...guests, ...draw(size - guests.length).map((place) => students[place] ?? 0)]
  })
  const courseOf = interleave(random, sizes, 5)
  const studentOf = courseOf.map((rank) => queues[rank]?.pop() ?? 0)
  return { courses, courseOf, studentOf }
}

export function enrollmentTable(
  plan: SeedPlan,
  people: readonly Person[],
  enrollments: PlannedEnrollments,
): SeedTable {
  return defineSeedTable({
    name: 'Enrollment',
    columns: {
      ...commonColumns,
      courseId: 'uuid',
      studentId: 'uuid',
      progress: 'float8',
      status: '"EnrollmentStatus"',
      enrolledAt: 'timestamptz',
    },
    planned: enrollments.courseOf.length,
    *rows() {
      for (const { course, ...row } of enrollmentRows(plan, people, enrollments)) {
        yield { ...row, courseId: course.id, createdAt: row.enrolledAt }
      }
    },
  })
}

/** A payment for most enrollments in a priced course, and for some a first one that was refunded. */
export function paymentTable(
  plan: SeedPlan,
  people: readonly Person[],
  enrollments: PlannedEnrollments,
): SeedTable {
  const { paidShare } = plan.counts
  return defineSeedTable({
    name: 'Payment',
    columns: {
      ...commonColumns,
      enrollmentId: 'uuid',
      studentId: 'uuid',
      courseId: 'uuid',
      amountCents: 'int',
      currency: 'text',
      status: '"PaymentStatus"',
      paidAt: 'timestamptz',
    },
    planned: Math.round(enrollments.courseOf.length * paidShare * 0.78),
    *rows() {
      const random = plan.random('payments')
      const rowId = plan.rowId('Payment')
      const demoId = people[demoStudent]?.id
      let index = 0
      for (const { id, course, studentId, status, enrolledAt } of enrollmentRows(
        plan,
        people,
        enrollments,
      )) {
        const paid = random.chance(paidShare) || studentId === demoId
        if (course.priceCents === 0 || !paid) continue
        const attempts = random.chance(0.04) ? 2 : 1
        for (let attempt = 1; attempt <= attempts; attempt++) {
          const outcome = attempt < attempts ? 'REFUNDED' : drawOutcome(random, status)
          const createdAt = enrolledAt + 1_000 + (attempt - 1) * 9 * minute
          yield {
            id: rowId(index++, createdAt),
            createdAt,
            updatedAt: laterChange(random, createdAt),
            enrollmentId: id,
            studentId,
            courseId: course.id,
            amountCents: course.priceCents,
            currency: course.currency,
            status: outcome,
            // Money is collected four times a day, for all at once.
            paidAt: outcome === 'PENDING' ? null : nextSlot(createdAt, 6 * hour),
          }
        }
      }
    },
  })
}

interface EnrollmentRow {
  readonly id: string
  readonly course: PlannedCourse
  readonly studentId: string
  readonly progress: number
  readonly status: 'ACTIVE' | 'COMPLETED' | 'CANCELLED'
  readonly enrolledAt: Instant
  readonly updatedAt: Instant
}

/** Drawn once for the enrollments and a second time for what hangs on them. */
function* enrollmentRows(
  plan: SeedPlan,
  people: readonly Person[],
  { courses, courseOf, studentOf }: PlannedEnrollments,
): Iterable<EnrollmentRow> {
  const random = plan.random('enrollment rows')
  const rowId = plan.rowId('Enrollment')
  const clock = createClock(random, {
    from: midnight('2025-03-01'),
    to: seedPresent - day,
    count: courseOf.length,
  })
  for (const [index, rank] of courseOf.entries()) {
    const place = studentOf[index] ?? 0
    const course = courses[rank]
    const student = people[place]
    if (!course || !student) continue
    // Neighbours in the same course are a class that was enrolled at once.
    const enrolledAt = clock(courseOf[index - 1] === rank ? 0.6 : 0.1)
    const drawn = drawStatus(random)
    const status = place === demoStudent ? demoStatus(rank) : drawn
    const begun = random.chance(0.8) ? random.below(100) / 100 : 0
    yield {
      id: rowId(index, enrolledAt),
      course,
      studentId: student.id,
      progress: status === 'COMPLETED' ? 1 : begun,
      status,
      enrolledAt,
      updatedAt: laterChange(random, enrolledAt),
    }
  }
}

function drawStatus(random: Random): EnrollmentRow['status'] {
  const unit = random.unit()
  return unit < 0.6 ? 'ACTIVE' : unit < 0.88 ? 'COMPLETED' : 'CANCELLED'
}

function demoStatus(rank: number): EnrollmentRow['status'] {
  return demoCompleted.has(rank) ? 'COMPLETED' : demoCancelled.has(rank) ? 'CANCELLED' : 'ACTIVE'
}

function drawOutcome(random: Random, enrollment: EnrollmentRow['status']): string {
  const unit = random.unit()
  if (enrollment === 'CANCELLED') return unit < 0.6 ? 'REFUNDED' : 'COMPLETED'
  return unit < 0.84 ? 'COMPLETED' : unit < 0.96 ? 'PENDING' : 'REFUNDED'
}
