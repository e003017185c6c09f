export const seedSizeNames = ['demo', 'bench', 'large'] as const

export type SeedSize = (typeof seedSizeNames)[number]

export function isSeedSize(text: string): text is SeedSize {
  return seedSizeNames.some((name) => name === text)
}

/** How many rows a seeded database holds; `largest*` is what the head of a skewed distribution gets. */
export interface SeedCounts {
  readonly users: number
  readonly teachers: number
  readonly admins: number
  readonly usageRecords: number
  readonly largestUsage: number
  readonly creditEntries: number
  readonly largestCredit: number
  readonly courses: number
  readonly largestTeacher: number
  readonly lessons: number
  readonly largestLessons: number
  readonly enrollments: number
  readonly largestCourse: number
  /** The share of enrollments in priced courses that were paid for. */
  readonly paidShare: number
  readonly meetings: number
  readonly largestHost: number
  readonly attendees: number
  readonly largestMeeting: number
  readonly calendarEvents: number
  readonly largestCalendar: number
  readonly aiProviders: number
  readonly aiModels: number
  readonly conversations: number
  readonly largestConversations: number
  readonly messages: number
  readonly largestConversation: number
  /** The messages of the second largest conversation. */
  readonly nextConversation: number
}

const demo: SeedCounts = {
  users: 300,
  teachers: 12,
  admins: 3,
  usageRecords: 600,
  largestUsage: 24,
  creditEntries: 600,
  largestCredit: 24,
  courses: 40,
  largestTeacher: 6,
  lessons: 400,
  largestLessons: 24,
  enrollments: 4_000,
  largestCourse: 240,
  paidShare: 0.15,
  meetings: 300,
  largestHost: 40,
  attendees: 900,
  largestMeeting: 40,
  calendarEvents: 400,
  largestCalendar: 20,
  aiProviders: 4,
  aiModels: 14,
  conversations: 120,
  largestConversations: 12,
  messages: 900,
  largestConversation: 250,
  nextConversation: 60,
}

const bench: SeedCounts = {
  users: 30_000,
  teachers: 250,
  admins: 10,
  usageRecords: 90_000,
  largestUsage: 400,
  creditEntries: 120_000,
  largestCredit: 600,
  courses: 1_000,
  largestTeacher: 40,
  lessons: 20_000,
  largestLessons: 200,
  enrollments: 300_000,
  largestCourse: 20_000,
  paidShare: 0.7,
  meetings: 50_000,
  largestHost: 2_000,
  attendees: 200_000,
  largestMeeting: 500,
  calendarEvents: 90_000,
  largestCalendar: 400,
  aiProviders: 8,
  aiModels: 40,
  conversations: 10_000,
  largestConversations: 200,
  messages: 200_000,
  largestConversation: 100_000,
  nextConversation: 800,
}

export const seedSizes: Readonly<Record<SeedSize, SeedCounts>> = {
  demo,
  bench,
  large: tenTimes(bench),
}

/** All grows, the heads of the distributions included; only shares and the AI catalogue stay. */
function tenTimes(counts: SeedCounts): SeedCounts {
  const fixed = new Set([
    'paidShare',
    'aiProviders',
    'aiModels',
    'largestLessons',
    'largestMeeting',
  ])
  const entries = Object.entries(counts).map(([key, n]) => [key, fixed.has(key) ? n : n * 10])
  // The keys are those of `counts`, and every value is a number.
  return Object.fromEntries(entries) as SeedCounts
}
