import type { Draw } from './draw-write.ts'

type DrawSql = (draw: Draw) => string | null

function change(model: string, set: (version: number) => string): DrawSql {
  return ({ cast, random, version }) => {
    const row = cast.find(random, model)
    return row && `UPDATE "${model}" SET ${set(version)} WHERE id = '${row.id}'`
  }
}

/** Removes one of a model's rows once there are more than `most`. */
function thin(model: string, most: number, sql: (id: unknown) => string): DrawSql {
  return ({ cast, random }) => {
    const rows = cast.rows(model)
    return rows.length <= most ? null : sql(random.pick(rows).id)
  }
}

/** Texts keep their first part, so that they say whose they are. */
const versioned = (column: string) => (version: number) =>
  `"${column}" = regexp_replace("${column}", 'v\\d+$', '') || 'v${version}'`

/** Writes that do not go through Loadline: each one transaction of SQL, as from psql. */
export const outsideWrites: Readonly<Record<string, readonly [weight: number, DrawSql]>> = {
  renameCourse: [3, change('Course', versioned('title'))],
  renamePerson: [2, change('User', versioned('name'))],
  renameMeeting: [1, change('Meeting', versioned('title'))],
  renameModel: [1, change('AiModel', versioned('name'))],
  toggleModel: [1, change('AiModel', () => 'enabled = NOT enabled')],
  renameProvider: [1, change('AiProvider', versioned('name'))],
  changeStatus: [
    2,
    ({ cast, random }) => {
      const course = cast.find(random, 'Course')
      const status = random.pick(['ACTIVE', 'ACTIVE', 'ARCHIVED', 'DRAFT'])
      return course && `UPDATE "Course" SET status = '${status}' WHERE id = '${course.id}'`
    },
  ],
  moveCourse: [
    1,
    ({ cast, random }) => {
      const course = cast.find(random, 'Course')
      const teacher = cast.find(random, 'User', ({ role }) => role === 'TEACHER')
      return (
        course &&
        teacher &&
        `UPDATE "Course" SET "teacherId" = '${teacher.id}' WHERE id = '${course.id}'`
      )
    },
  ],
  moveEnrollment: [
    1,
    ({ cast, random }) => {
      const row = cast.find(random, 'Enrollment')
      const course = cast.find(random, 'Course')
      if (!row || !course) return null
      return `UPDATE "Enrollment" SET "courseId" = '${course.id}' WHERE id = '${row.id}'
        AND NOT EXISTS (SELECT FROM "Enrollment" WHERE "courseId" = '${course.id}' AND "studentId" = '${row.studentId}')`
    },
  ],
  moveMeeting: [
    1,
    ({ cast, random }) => {
      const meeting = cast.find(random, 'Meeting')
      const host = cast.find(random, 'User')
      return (
        meeting && host && `UPDATE "Meeting" SET "hostId" = '${host.id}' WHERE id = '${meeting.id}'`
      )
    },
  ],
  progressOfAll: [
    1,
    () => `UPDATE "Enrollment" SET progress = round(random()::numeric, 2) WHERE status = 'ACTIVE'`,
  ],
  creditEverybody: [
    1,
    ({ cast, version }) =>
      cast.rows('CreditEntry').length > 60
        ? null
        : `INSERT INTO "CreditEntry" (id, "userId", amount, reason)
            SELECT gen_random_uuid(), id, ${1 + (version % 9)}, 'v${version}' FROM "User"`,
  ],
  dropCredits: [1, thin('CreditEntry', 50, () => `DELETE FROM "CreditEntry" WHERE random() < 0.3`)],
  deleteMeeting: [1, thin('Meeting', 12, (id) => `DELETE FROM "Meeting" WHERE id = '${id}'`)],
  deleteEnrollment: [
    1,
    thin(
      'Enrollment',
      36,
      (id) =>
        `DELETE FROM "Payment" WHERE "enrollmentId" = '${id}'; DELETE FROM "Enrollment" WHERE id = '${id}'`,
    ),
  ],
  deleteCourse: [
    1,
    thin(
      'Course',
      8,
      (id) =>
        `DELETE FROM "Payment" WHERE "courseId" = '${id}'; DELETE FROM "Course" WHERE id = '${id}'`,
    ),
  ],
  deletePayments: [1, thin('Payment', 25, (id) => `DELETE FROM "Payment" WHERE id = '${id}'`)],
  truncateUsage: [1, ({ random }) => (random.chance(0.2) ? 'TRUNCATE "UsageRecord"' : null)],
  recordUsage: [
    1,
    ({ cast, version }) =>
      cast.rows('UsageRecord').length > 20
        ? null
        : `INSERT INTO "UsageRecord" (id, "userId", metric, quantity)
            SELECT gen_random_uuid(), id, 'STORAGE_MB', ${version} FROM "User" WHERE role = 'STUDENT' LIMIT 5`,
  ],
  bypassingTriggers: [
    1,
    ({ cast, random, version }) => {
      const course = cast.find(random, 'Course')
      return (
        course &&
        `SET LOCAL session_replication_role = replica;
        UPDATE "Course" SET title = regexp_replace(title, 'v\\d+$', '') || 'v${version}' WHERE id = '${course.id}'`
      )
    },
  ],
}
