import { createClock, day, hour, type Instant, laterChange, midnight, nextSlot } from './instant.ts'
import { demoTeacher, type Person } from './people.ts'
import type { Random } from './random.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { drawRanks, drawSizes, interleave } from './spread.ts'
import { createTexts } from './texts.ts'

export interface PlannedCourse {
  readonly id: string
  /** 0 for the course with the most enrollments; drafts come last. */
  readonly rank: number
  readonly teacher: Person
  readonly title: string
  readonly status: 'DRAFT' | 'ACTIVE' | 'ARCHIVED'
  readonly priceCents: number
  readonly currency: string
  readonly createdAt: Instant
  readonly publishedAt: Instant | null
}

/** In order of creation. Of ten courses seven are active, two archived and one is a draft. */
export function planCourses(plan: SeedPlan, people: readonly Person[]): readonly PlannedCourse[] {
  const { courses: count } = plan.counts
  const random = plan.random('courses')
  const rowId = plan.rowId('Course')
  const published = countPublished(plan)
  const texts = createTexts(random)
  const clock = createClock(random, {
    from: midnight('2024-02-01'),
    to: midnight('2025-01-31'),
    count,
  })
  const teachers = drawTeachers(plan, random, people)
  const courses: PlannedCourse[] = []
  for (const [index, rank] of drawRanks(random, count).entries()) {
    const createdAt = clock(0.2)
    const status = statusOf(rank, published)
    const free = random.chance(0.25)
    const price = random.pick([1_900, 2_900, 2_900, 4_900, 9_900, 14_900])
    // A title that another course has already, so that an ordering by title has ties.
    const again = index > 0 && random.chance(0.1) ? random.pick(courses).title : null
    const title = again ?? texts.title()
    const released = nextSlot(createdAt + random.below(14) * day, 7 * day)
    courses.push({
      id: rowId(index, createdAt),
      rank,
      teacher: teachers(rank),
      title,
      status,
      priceCents: free ? 0 : price,
      currency: random.pick(['EUR', 'EUR', 'EUR', 'USD', 'GBP']),
      createdAt,
      publishedAt: status === 'DRAFT' ? null : released,
    })
  }
  return courses
}

/** The courses that can have enrollments, by rank. */
export function rankPublished(courses: readonly PlannedCourse[]): readonly PlannedCourse[] {
  return courses.filter(({ status }) => status !== 'DRAFT').sort((a, b) => a.rank - b.rank)
}

export function courseTable(plan: SeedPlan, courses: readonly PlannedCourse[]): SeedTable {
  return defineSeedTable({
    name: 'Course',
    columns: {
      ...commonColumns,
      teacherId: 'uuid',
      title: 'text',
      slug: 'text',
      summary: 'text',
      description: 'text',
      status: '"CourseStatus"',
      priceCents: 'int',
      currency: 'text',
      publishedAt: 'timestamptz',
    },
    planned: courses.length,
    *rows() {
      const random = plan.random('course texts')
      const texts = createTexts(random)
      for (const [index, { rank, teacher, ...course }] of courses.entries()) {
        yield {
          ...course,
          updatedAt: laterChange(random, course.publishedAt ?? course.createdAt),
          teacherId: teacher.id,
          slug: `${slugify(course.title)}-${index.toString(36)}`,
          summary: texts.prose(2),
          description: texts.prose(random.between(6, 9)),
        }
      }
    },
  })
}

export function lessonTable(plan: SeedPlan, courses: readonly PlannedCourse[]): SeedTable {
  const { lessons: total, largestLessons: largest } = plan.counts
  return defineSeedTable({
    name: 'Lesson',
    columns: {
      ...commonColumns,
      courseId: 'uuid',
      position: 'int',
      title: 'text',
      body: 'text',
      durationMinutes: 'int',
    },
    planned: total,
    *rows() {
      const random = plan.random('lessons')
      const texts = createTexts(random)
      const rowId = plan.rowId('Lesson')
      const sizes = drawSizes(random, { owners: courses.length, total, largest })
      const positions = new Uint32Array(courses.length)
      for (const [index, place] of interleave(random, sizes, 4).entries()) {
        const course = courses[place]
        if (!course) continue
        const position = positions[place] ?? 0
        positions[place] = position + 1
        // Two lessons are written in one go.
        const createdAt = course.createdAt + 1_000 + Math.floor(position / 2) * hour
        yield {
          id: rowId(index, createdAt),
          createdAt,
          updatedAt: laterChange(random, createdAt),
          courseId: course.id,
          position: position + 1,
          title: texts.title(),
          body: texts.prose(random.between(13, 17)),
          durationMinutes: 5 * random.between(1, 12),
        }
      }
    },
  })
}

/** Ranks from this one on are drafts. */
function countPublished({ counts }: SeedPlan): number {
  return Math.round(counts.courses * 0.9)
}

/** The largest course is active; two of nine published ones are archived. */
function statusOf(rank: number, published: number): PlannedCourse['status'] {
  if (rank >= published) return 'DRAFT'
  return rank % 9 === 4 || rank % 9 === 8 ? 'ARCHIVED' : 'ACTIVE'
}

/** Who teaches the course of a rank: the demo teacher six with many students, in every status. */
function drawTeachers(plan: SeedPlan, random: Random, people: readonly Person[]) {
  const { courses: total, largestTeacher: largest } = plan.counts
  const published = countPublished(plan)
  const demoRanks = [0, 2, 4, 12, published, published + 1]
  const teachers = people.filter(({ role }) => role === 'TEACHER')
  const others = teachers.slice(1)
  const sizes = drawSizes(random, { owners: others.length, total, largest })
  const drawn = interleave(random, sizes, 1)
  return (rank: number): Person => {
    const place = drawn[rank] ?? 0
    const teacher = demoRanks.includes(rank) ? people[demoTeacher] : others[place]
    if (!teacher) throw new RangeError(`no teacher for the course of rank ${rank}`)
    return teacher
  }
}

function slugify(title: string): string {
  const ascii = title.normalize('NFKD').toLowerCase().replace(/[̀-ͯ’]/g, '')
  return ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
}
