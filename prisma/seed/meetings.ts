import type { PlannedCourse } from './courses.ts'
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
import { demoPlaces, demoTeacher, type Person } from './people.ts'
import type { Random } from './random.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { drawSizes, interleave } from './spread.ts'
import { meetingTitles } from './words.ts'

export interface PlannedMeeting {
  readonly id: string
  /** The host's place in the list of people. */
  readonly host: number
  readonly courseId: string | null
  readonly title: string
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly status: 'SCHEDULED' | 'LIVE' | 'ENDED' | 'CANCELLED'
  readonly createdAt: Instant
}

/** In order of creation: half belong to a course and its teacher, half to anybody and no course. */
export function planMeetings(
  plan: SeedPlan,
  people: readonly Person[],
  courses: readonly PlannedCourse[],
): readonly PlannedMeeting[] {
  const { meetings: total } = plan.counts
  const random = plan.random('meetings')
  const rowId = plan.rowId('Meeting')
  const taught = groupByTeacher(courses)
  const clock = createClock(random, {
    from: midnight('2025-06-01'),
    to: seedPresent - 2 * hour,
    count: total,
  })
  const hosts = drawHosts(plan, random, people)
  let series: { startsAt: Instant; title: string } | null = null
  return Array.from(hosts, ({ host, forCourse }, index): PlannedMeeting => {
    const createdAt = clock(0.2)
    const repeats = hosts[index - 1]?.host === host && random.chance(0.5)
    // A host's neighbouring meetings often start together, as parallel groups do.
    if (!repeats || !series)
      series = { startsAt: drawStart(random, createdAt), title: drawTitle(random) }
    const { startsAt, title } = series
    const teacher = people[host]
    const course = forCourse && teacher ? random.pick(taught.get(teacher) ?? []) : undefined
    return {
      id: rowId(index, createdAt),
      host,
      courseId: course?.id ?? null,
      title,
      startsAt,
      endsAt: startsAt + random.pick([15, 30, 30, 60, 60, 90]) * minute,
      status: drawStatus(random, startsAt),
      createdAt,
    }
  })
}

export function meetingTable(
  plan: SeedPlan,
  people: readonly Person[],
  meetings: readonly PlannedMeeting[],
): SeedTable {
  return defineSeedTable({
    name: 'Meeting',
    columns: {
      ...commonColumns,
      hostId: 'uuid',
      courseId: 'uuid',
      title: 'text',
      startsAt: 'timestamptz',
      endsAt: 'timestamptz',
      status: '"MeetingStatus"',
    },
    planned: meetings.length,
    *rows() {
      const random = plan.random('meeting rows')
      for (const { host, ...meeting } of meetings) {
        const updatedAt = laterChange(random, meeting.createdAt)
        yield { ...meeting, updatedAt, hostId: people[host]?.id ?? null }
      }
    },
  })
}

export function attendeeTable(
  plan: SeedPlan,
  people: readonly Person[],
  meetings: readonly PlannedMeeting[],
): SeedTable {
  const { attendees: total, largestMeeting: largest } = plan.counts
  return defineSeedTable({
    name: 'Attendee',
    columns: {
      ...commonColumns,
      meetingId: 'uuid',
      userId: 'uuid',
      response: '"AttendeeResponse"',
    },
    planned: total,
    *rows() {
      const random = plan.random('attendees')
      const rowId = plan.rowId('Attendee')
      const draw = createDrawDistinct(random, people.length)
      const sizes = drawSizes(random, { owners: meetings.length, total, largest })
      let index = 0
      for (const [place, meeting] of meetings.entries()) {
        for (const [turn, guest] of draw(sizes[place] ?? 0, [meeting.host]).entries()) {
          // Invitations go out in bundles of four.
          const createdAt = meeting.createdAt + 1_000 + Math.floor(turn / 4) * 1_000
          const unit = random.unit()
          yield {
            id: rowId(index++, createdAt),
            createdAt,
            updatedAt: laterChange(random, createdAt),
            meetingId: meeting.id,
            userId: people[guest]?.id ?? null,
            response: unit < 0.3 ? 'INVITED' : unit < 0.85 ? 'ACCEPTED' : 'DECLINED',
          }
        }
      }
    },
  })
}

interface Hosting {
  readonly host: number
  readonly forCourse: boolean
}

function drawHosts(plan: SeedPlan, random: Random, people: readonly Person[]): readonly Hosting[] {
  const { meetings, largestHost } = plan.counts
  const forCourses = Math.floor(meetings / 2)
  const teachers = [...people.keys()].filter((place) => people[place]?.role === 'TEACHER')
  const byTeacher = drawSizes(
    random,
    { owners: teachers.length, total: forCourses, largest: largestHost },
    [teachers.indexOf(demoTeacher)],
  )
  const byAnyone = drawSizes(
    random,
    { owners: people.length, total: meetings - forCourses, largest: Math.ceil(largestHost / 4) },
    demoPlaces,
  )
  // One sequence over both, so that they mix in time: the teachers' courses first, then anyone.
  const turns = interleave(random, Uint32Array.from([...byTeacher, ...byAnyone]), 3)
  return Array.from(turns, (turn) => {
    const forCourse = turn < teachers.length
    return { host: forCourse ? (teachers[turn] ?? 0) : turn - teachers.length, forCourse }
  })
}

function groupByTeacher(courses: readonly PlannedCourse[]): Map<Person, PlannedCourse[]> {
  const taught = new Map<Person, PlannedCourse[]>()
  for (const course of courses) {
    const group = taught.get(course.teacher)
    if (group) group.push(course)
    else taught.set(course.teacher, [course])
  }
  return taught
}

function drawTitle(random: Random): string {
  const title = random.pick(meetingTitles)
  return random.chance(0.5) ? `${title} #${random.between(1, 12)}` : title
}

/** On the half hour: most within a month of the invitation, some far ahead, a few just now. */
function drawStart(random: Random, createdAt: Instant): Instant {
  const unit = random.unit()
  if (unit < 0.02) return nextSlot(seedPresent - 30 * minute, 30 * minute)
  const wait =
    unit < 0.25 ? seedPresent - createdAt + random.below(600) * day : random.below(30) * day
  return nextSlot(createdAt + wait + random.below(48) * 30 * minute, 30 * minute)
}

function drawStatus(random: Random, startsAt: Instant): PlannedMeeting['status'] {
  if (random.chance(0.08)) return 'CANCELLED'
  if (startsAt >= seedPresent) return 'SCHEDULED'
  return startsAt > seedPresent - hour ? 'LIVE' : 'ENDED'
}
