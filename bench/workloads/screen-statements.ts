import { globalId } from './global-id-sql.ts'

const now = `($1::json->>'now')::timestamptz`

/**
 * The dashboards and the search by hand, as `statements.ts` has the rest: `key` is who looks, `now`
 * their clock.
 */
export const screenStatements: Readonly<Record<string, string>> = {
  'student-dashboard': `SELECT json_build_object('viewer', (${person('v')})::jsonb || jsonb_build_object(
      'studentDashboard', json_build_object(
        'activeEnrollments', json_build_object(
          'nodes', (SELECT coalesce(json_agg(json_build_object(${enrollmentState('e')},
              'course', (SELECT json_build_object('id', ${globalId('Course', 'c.id')}, 'slug', c.slug,
                'title', c.title, 'teacher', (SELECT ${person('u')} FROM "User" u WHERE u.id = c."teacherId"))
                FROM "Course" c WHERE c.id = e."courseId")
            ) ORDER BY e."enrolledAt" DESC, e.id DESC), '[]')
            FROM (SELECT * FROM "Enrollment" e WHERE e."studentId" = v.id AND e.status = 'ACTIVE'
              ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT 10) e),
          'totalCount', (SELECT count(*) FROM "Enrollment" e WHERE e."studentId" = v.id AND e.status = 'ACTIVE')),
        'completedCount', (SELECT count(*) FROM "Enrollment" e WHERE e."studentId" = v.id AND e.status = 'COMPLETED'),
        'averageProgress', (SELECT avg(e.progress) FROM "Enrollment" e
          WHERE e."studentId" = v.id AND e.status IN ('ACTIVE', 'COMPLETED')),
        'creditBalance', (SELECT coalesce(sum(amount), 0) FROM "CreditEntry" k WHERE k."userId" = v.id),
        'upcomingMeetings', ${upcomingMeetings('')},
        'nextCalendarEvents', json_build_object('nodes', (SELECT coalesce(json_agg(json_build_object(
            'id', ${globalId('CalendarEvent', 'n.id')}, 'title', n.title,
            'startsAt', ${time('n."startsAt"')}, 'endsAt', ${time('n."endsAt"')},
            'meeting', CASE WHEN n."meetingId" IS NULL THEN NULL
              ELSE json_build_object('id', ${globalId('Meeting', 'n."meetingId"')}) END
          ) ORDER BY n."startsAt", n.id), '[]')
          FROM (SELECT * FROM "CalendarEvent" n WHERE n."userId" = v.id AND n."endsAt" > ${now}
            ORDER BY n."startsAt", n.id LIMIT 5) n)))))::text
    FROM "User" v WHERE v.id = ($1::json->>'key')::uuid`,

  'teacher-dashboard': `SELECT json_build_object('viewer', (${person('v')})::jsonb || jsonb_build_object(
      'teacherDashboard', json_build_object(
        'activeCourseCount', (SELECT count(*) FROM "Course" c WHERE c."teacherId" = v.id AND c.status = 'ACTIVE'),
        'enrollmentCount', (SELECT count(*) FROM "Enrollment" e JOIN "Course" c ON c.id = e."courseId"
          WHERE c."teacherId" = v.id AND e.status IN ('ACTIVE', 'COMPLETED')),
        'studentCount', (SELECT count(DISTINCT e."studentId") FROM "Enrollment" e JOIN "Course" c ON c.id = e."courseId"
          WHERE c."teacherId" = v.id AND e.status IN ('ACTIVE', 'COMPLETED')),
        'revenueCents', (SELECT coalesce(sum(p."amountCents"), 0) FROM "Payment" p JOIN "Course" c ON c.id = p."courseId"
          WHERE c."teacherId" = v.id AND p.status = 'COMPLETED' AND p.currency = 'EUR'),
        'courses', json_build_object(
          'nodes', (SELECT coalesce(json_agg(json_build_object(${courseCard('c')},
              'stats', (SELECT json_build_object('enrollmentCount', count(*), 'averageProgress', avg(e.progress),
                  'completionRate', (count(*) FILTER (WHERE e.status = 'COMPLETED'))::float / nullif(count(*), 0),
                  'revenueCents', (SELECT coalesce(sum(p."amountCents"), 0) FROM "Payment" p
                    WHERE p."courseId" = c.id AND p.status = 'COMPLETED' AND p.currency = c.currency))
                FROM "Enrollment" e WHERE e."courseId" = c.id AND e.status IN ('ACTIVE', 'COMPLETED')),
              'enrollments', json_build_object('nodes', (SELECT coalesce(json_agg(json_build_object(${enrollmentState('e')},
                  'student', (SELECT (${person('u')})::jsonb || jsonb_build_object('email', u.email)
                    FROM "User" u WHERE u.id = e."studentId")) ORDER BY e."enrolledAt" DESC, e.id DESC), '[]')
                FROM (SELECT * FROM "Enrollment" e WHERE e."courseId" = c.id AND e.status = 'ACTIVE'
                  ORDER BY e."enrolledAt" DESC, e.id DESC LIMIT 5) e))
            ) ORDER BY c.students DESC, c.id DESC), '[]')
            FROM (SELECT c.*, (SELECT count(*) FROM "Enrollment" e
                WHERE e."courseId" = c.id AND e.status IN ('ACTIVE', 'COMPLETED')) AS students
              FROM "Course" c WHERE c."teacherId" = v.id ORDER BY students DESC, c.id DESC LIMIT 10) c),
          'totalCount', (SELECT count(*) FROM "Course" c WHERE c."teacherId" = v.id)),
        'upcomingMeetings', ${upcomingMeetings(`, 'attendees', json_build_object('totalCount',
          (SELECT count(*) FROM "Attendee" a WHERE a."meetingId" = m.id))`)})))::text
    FROM "User" v WHERE v.id = ($1::json->>'key')::uuid`,

  'admin-dashboard': `SELECT json_build_object('viewer', (${person('v')})::jsonb || jsonb_build_object(
      'adminDashboard', json_build_object(
        'platform', json_build_object(
          'usersByRole', (SELECT json_agg(json_build_object('role', r.role,
              'count', (SELECT count(*) FROM "User" u WHERE u.role = r.role)) ORDER BY r.place)
            FROM unnest('{STUDENT,TEACHER,ADMIN}'::"Role"[]) WITH ORDINALITY AS r (role, place)),
          'activeCourseCount', (SELECT count(*) FROM "Course" c WHERE c.status = 'ACTIVE'),
          'enrollmentCount', (SELECT count(*) FROM "Enrollment" e WHERE e.status IN ('ACTIVE', 'COMPLETED')),
          'revenueByMonth', (SELECT coalesce(json_agg(json_build_object('month', month, 'revenueCents', cents) ORDER BY month), '[]')
            FROM (SELECT to_char(p."paidAt" AT TIME ZONE 'UTC', 'YYYY-MM') AS month, sum(p."amountCents") AS cents
              FROM "Payment" p WHERE p.status = 'COMPLETED' AND p.currency = 'EUR' AND p."paidAt" IS NOT NULL
              GROUP BY 1) months)),
        'newestUsers', json_build_object('nodes', (SELECT json_agg((${person('u')})::jsonb || jsonb_build_object(
            'email', u.email, 'role', u.role, 'createdAt', ${time('u."createdAt"')}) ORDER BY u."createdAt" DESC, u.id DESC)
          FROM (SELECT * FROM "User" u ORDER BY u."createdAt" DESC, u.id DESC LIMIT 10) u)),
        'newestCourses', json_build_object('nodes', (SELECT json_agg(json_build_object(${courseCard('c')})
            ORDER BY c."publishedAt" DESC, c.id DESC)
          FROM (SELECT * FROM "Course" c ORDER BY c."publishedAt" DESC, c.id DESC LIMIT 10) c)))))::text
    FROM "User" v WHERE v.id = ($1::json->>'key')::uuid`,

  search: `SELECT json_build_object('courses', json_build_object('nodes', (
      SELECT coalesce(json_agg(json_build_object('id', ${globalId('Course', 'c.id')}, 'title', c.title, 'slug', c.slug)
        ORDER BY c.title, c.id), '[]')
      FROM (SELECT * FROM "Course" c
        WHERE c.title ILIKE '%' || ($1::json->>'search') || '%' OR c.summary ILIKE '%' || ($1::json->>'search') || '%'
        ORDER BY c.title, c.id LIMIT 20) c)))::text`,
}

function time(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

function person(user: string): string {
  return `json_build_object('id', ${globalId('User', `${user}.id`)}, 'name', ${user}.name, 'avatarUrl', ${user}."avatarUrl")`
}

function enrollmentState(of: string): string {
  return `'id', ${globalId('Enrollment', `${of}.id`)}, 'status', ${of}.status, 'progress', ${of}.progress,
    'enrolledAt', ${time(`${of}."enrolledAt"`)}, 'updatedAt', ${time(`${of}."updatedAt"`)}`
}

function courseCard(of: string): string {
  return `'id', ${globalId('Course', `${of}.id`)}, 'slug', ${of}.slug, 'title', ${of}.title, 'summary', ${of}.summary,
    'status', ${of}.status, 'priceCents', ${of}."priceCents", 'currency', ${of}.currency,
    'publishedAt', ${time(`${of}."publishedAt"`)},
    'teacher', (SELECT ${person('t')} FROM "User" t WHERE t.id = ${of}."teacherId")`
}

function upcomingMeetings(more: string): string {
  return `json_build_object('nodes', (SELECT coalesce(json_agg(json_build_object(
      'id', ${globalId('Meeting', 'm.id')}, 'title', m.title, 'startsAt', ${time('m."startsAt"')},
      'endsAt', ${time('m."endsAt"')}, 'status', m.status,
      'host', (SELECT ${person('h')} FROM "User" h WHERE h.id = m."hostId"),
      'course', (SELECT json_build_object('id', ${globalId('Course', 'c.id')}, 'slug', c.slug, 'title', c.title)
        FROM "Course" c WHERE c.id = m."courseId" AND (c.status = 'ACTIVE' OR c."teacherId" = v.id))${more}
    ) ORDER BY m."startsAt", m.id), '[]')
    FROM (SELECT * FROM "Meeting" m WHERE m."endsAt" > ${now} AND m.status IN ('SCHEDULED', 'LIVE')
      AND m.id IN (SELECT h.id FROM "Meeting" h WHERE h."hostId" = v.id
        UNION SELECT a."meetingId" FROM "Attendee" a WHERE a."userId" = v.id)
      ORDER BY m."startsAt", m.id LIMIT 5) m))`
}
