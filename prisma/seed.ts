import { AppError } from '../src/errors.ts'
import type { Database } from '../src/sql/database.ts'
import { creditEntryTable, usageRecordTable } from './seed/activity.ts'
import { modelTable, planModels, planProviders, providerTable } from './seed/ai-models.ts'
import { calendarEventTable, integrationTable } from './seed/calendar.ts'
import { conversationTable, messageTable, planConversations } from './seed/conversations.ts'
import { courseTable, lessonTable, planCourses } from './seed/courses.ts'
import { enrollmentTable, paymentTable, planEnrollments } from './seed/enrollments.ts'
import { insertTable } from './seed/insert-table.ts'
import { attendeeTable, meetingTable, planMeetings } from './seed/meetings.ts'
import {
  botSettingsTable,
  planPeople,
  profileTable,
  subscriptionTable,
  userTable,
} from './seed/people.ts'
import { createSeedPlan } from './seed/seed-plan.ts'
import type { SeedSize } from './seed/seed-size.ts'
import type { SeedTable } from './seed/seed-table.ts'

export interface SeedOptions {
  readonly size: SeedSize
  /**
   * The same number gives the same rows, byte for byte.
   * @default 1
   */
  readonly seed?: number
  /**
   * Empties the domain's tables first, instead of refusing a database that has users.
   * @default false
   */
  readonly force?: boolean
  /** Told after each statement how many rows of about `total` are in, and of which table the last. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

/**
 * Fills a migrated database with the reference domain. On PGlite it is one transaction; on PostgreSQL
 * a seed that was interrupted leaves its rows, and the next one needs `force`.
 *
 * @throws AppError `CONFLICT` when the database has users already and `force` is not set.
 */
export async function seedDatabase(database: Database, options: SeedOptions): Promise<void> {
  const { size, seed = 1, force = false, onProgress = () => {} } = options
  const tables = planTables(size, seed)
  // PGlite is a single session, so a transaction can span statements; the pool's are many.
  const transaction = database.kind === 'pglite'
  if (transaction) await run('BEGIN')
  try {
    if (force) await run(`TRUNCATE ${[...tables.map(quote), '"IdempotencyKey"']}`)
    else await refuseUsers(database)
    const total = tables.reduce((sum, { planned }) => sum + planned, 0)
    let done = 0
    for (const table of tables) {
      await insertTable(database, table, (rows) => {
        done += rows
        onProgress(Math.min(done, total), total, table.name)
      })
    }
    if (transaction) await run('COMMIT')
    onProgress(total, total, 'statistics')
  } catch (error) {
    if (transaction) await run('ROLLBACK')
    throw error
  }
  // The visibility map as well as the statistics, or the first counts would visit every row.
  for (const table of tables) await run(`VACUUM (ANALYZE) ${quote(table)}`)

  async function run(text: string): Promise<void> {
    await database.query({ name: '', text }, [])
  }
}

async function refuseUsers(database: Database): Promise<void> {
  const text = 'SELECT 1 FROM "User" LIMIT 1'
  const users = await database.query({ name: '', text }, [])
  if (users.length === 0) return
  throw new AppError(
    'CONFLICT',
    'the database has users already; seed an empty one, or pass --force to delete all its rows first',
  )
}

/** In the order in which their foreign keys allow them to be filled. */
function planTables(size: SeedSize, seed: number): readonly SeedTable[] {
  const plan = createSeedPlan(size, seed)
  const people = planPeople(plan)
  const courses = planCourses(plan, people)
  const enrollments = planEnrollments(plan, people, courses)
  const meetings = planMeetings(plan, people, courses)
  const providers = planProviders(plan)
  const models = planModels(plan, providers)
  const conversations = planConversations(plan, people)
  return [
    userTable(plan, people),
    profileTable(plan, people),
    subscriptionTable(plan, people),
    botSettingsTable(plan, people),
    usageRecordTable(plan, people),
    creditEntryTable(plan, people),
    courseTable(plan, courses),
    lessonTable(plan, courses),
    enrollmentTable(plan, people, enrollments),
    paymentTable(plan, people, enrollments),
    meetingTable(plan, people, meetings),
    attendeeTable(plan, people, meetings),
    calendarEventTable(plan, people, meetings),
    integrationTable(plan, people),
    providerTable(providers),
    modelTable(models),
    conversationTable(plan, people, models, conversations),
    messageTable(plan, conversations),
  ]
}

function quote({ name }: SeedTable): string {
  return `"${name}"`
}
