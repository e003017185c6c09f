/** Who asks, in the order of the cells of a decision. The stranger is a student of nobody. */
export const askers = ['anonymous', 'stranger', 'student', 'teacher', 'admin'] as const

/** One thing of a type, and what each asker is answered for each field of it. */
export interface Place {
  readonly type: string
  /** Which one of its type. */
  readonly what: string
  /** The fields around it, from the operation on, as a document calls them; ids are `idsOf` a school. */
  readonly reach: readonly string[]
  /**
   * By the name of the field, or its call where it takes arguments, a cell for each asker: `y` a
   * value, a digit the length of a list (rows, edges and `totalCount` alike), `-` null without an
   * error, `n` null with the error `FORBIDDEN` at it, `N` the same for the way that leads to it.
   */
  readonly fields: Readonly<Record<string, string>>
}

/**
 * The table of permissions, field by field. A field that is new belongs into a line here: for whom is
 * it, and what do the others get?
 */
export const places: readonly Place[] = [
  {
    type: 'Query',
    what: 'the root',
    reach: [],
    fields: {
      viewer: '-yyyy',
      courses: '22346',
      users: 'nnnn7',
      leaderboard: '77777',
      aiModels: '11111',
      platformStats: 'nnnny',
      'course(id: $active)': 'yyyyy',
      'course(id: $otherDraft)': '----y',
      'user(id: $student)': '--yyy',
      'user(id: $admin)': '----y',
      'meeting(id: $attended)': '--y-y',
      'conversation(id: $studentConversation)': '--y--',
      'node(id: $ownEnrollment)': '--yyy',
      'nodes(ids: [$active, $otherDraft, $ownPayment])': '11223',
    },
  },
  {
    type: 'User',
    what: 'who teaches ACTIVE courses, the teacher',
    reach: ['user(id: $teacher)'],
    fields: {
      courses: '11233',
      ...alike('id name role timezone avatarUrl createdAt updatedAt', 'yyyyy'),
      ...alike(
        'email profile subscription botSettings creditBalance studentDashboard teacherDashboard',
        'nnnyy',
      ),
      ...alike('usage creditEntries calendarEvents integrations', 'nnn11'),
      ...alike('enrollments payments meetings', '00000'),
      conversations: 'nnn1n',
      adminDashboard: 'nnnny',
    },
  },
  {
    type: 'User',
    what: 'a student enrolled with the teacher',
    reach: ['user(id: $student)'],
    fields: {
      ...alike('id email name role timezone avatarUrl createdAt updatedAt', '--yyy'),
      ...alike(
        'profile subscription botSettings creditBalance studentDashboard teacherDashboard',
        '--yny',
      ),
      ...alike('usage creditEntries calendarEvents integrations', '--1n1'),
      ...alike('enrollments payments', '--222'),
      courses: '--000',
      meetings: '--202',
      conversations: '--1nn',
      adminDashboard: '--nny',
    },
  },
  {
    type: 'User',
    what: 'a student with nobody',
    reach: ['user(id: $stranger)'],
    fields: {
      ...alike(
        'id email name role timezone avatarUrl createdAt updatedAt profile subscription botSettings creditBalance studentDashboard teacherDashboard',
        '-y--y',
      ),
      ...alike('usage creditEntries calendarEvents integrations', '-1--1'),
      ...alike('enrollments courses payments meetings', '-0--0'),
      conversations: '-1--n',
      adminDashboard: '-n--y',
    },
  },
  {
    type: 'User',
    what: 'an admin',
    reach: ['user(id: $admin)'],
    fields: {
      ...alike(
        'id email name role timezone avatarUrl createdAt updatedAt profile subscription botSettings creditBalance studentDashboard teacherDashboard adminDashboard',
        '----y',
      ),
      ...alike('usage creditEntries calendarEvents integrations conversations', '----1'),
      ...alike('enrollments courses payments meetings', '----0'),
    },
  },
  {
    type: 'Profile',
    what: "the student's",
    reach: node('Profile', 'studentProfile'),
    fields: {
      ...alike('id headline bio website createdAt updatedAt user', '--y-y'),
    },
  },
  {
    type: 'Subscription',
    what: "the student's",
    reach: node('Subscription', 'studentSubscription'),
    fields: {
      ...alike('id plan status renewsAt createdAt updatedAt user', '--y-y'),
    },
  },
  {
    type: 'BotSettings',
    what: "the student's",
    reach: node('BotSettings', 'studentBotSettings'),
    fields: {
      ...alike('id autoJoin recordingEnabled language createdAt updatedAt user', '--y-y'),
    },
  },
  {
    type: 'UsageRecord',
    what: "the student's",
    reach: node('UsageRecord', 'studentUsageRecord'),
    fields: {
      ...alike('id metric quantity recordedAt createdAt updatedAt user', '--y-y'),
    },
  },
  {
    type: 'CreditEntry',
    what: "the student's",
    reach: node('CreditEntry', 'studentCreditEntry'),
    fields: {
      ...alike('id amount reason createdAt updatedAt user', '--y-y'),
    },
  },
  {
    type: 'CalendarEvent',
    what: "the student's",
    reach: node('CalendarEvent', 'studentCalendarEvent'),
    fields: {
      ...alike('id title startsAt endsAt createdAt updatedAt user meeting', '--y-y'),
    },
  },
  {
    type: 'Integration',
    what: "the student's",
    reach: node('Integration', 'studentIntegration'),
    fields: {
      ...alike('id provider status lastSyncedAt createdAt updatedAt user', '--y-y'),
    },
  },
  {
    type: 'Conversation',
    what: "the student's",
    reach: node('Conversation', 'studentConversation'),
    fields: {
      ...alike('id title lastMessageAt createdAt updatedAt model user', '--y--'),
      messages: '--1--',
    },
  },
  {
    type: 'Message',
    what: "the student's",
    reach: node('Message', 'studentMessage'),
    fields: {
      ...alike('id role content tokenCount createdAt updatedAt conversation', '--y--'),
    },
  },
  {
    type: 'Conversation',
    what: "the admin's",
    reach: node('Conversation', 'adminConversation'),
    fields: {
      ...alike('id title lastMessageAt createdAt updatedAt model user', '----y'),
      messages: '----1',
    },
  },
  {
    type: 'Course',
    what: 'ACTIVE',
    reach: ['course(id: $active)'],
    fields: {
      lessons: '11111',
      ...alike(
        'id title slug summary description status priceCents currency publishedAt createdAt updatedAt teacher stats',
        'yyyyy',
      ),
      ...alike('enrollments payments', '00133'),
      meetings: '00011',
    },
  },
  {
    type: 'Course',
    what: 'DRAFT',
    reach: ['course(id: $draft)'],
    fields: {
      ...alike(
        'id title slug summary description status priceCents currency publishedAt createdAt updatedAt teacher stats',
        '---yy',
      ),
      lessons: '---11',
      ...alike('enrollments payments meetings', '---00'),
    },
  },
  {
    type: 'Course',
    what: 'ARCHIVED',
    reach: ['course(id: $archived)'],
    fields: {
      ...alike(
        'id title slug summary description status priceCents currency publishedAt createdAt updatedAt teacher stats',
        '--yyy',
      ),
      lessons: '--111',
      ...alike('enrollments payments', '--122'),
      meetings: '--000',
    },
  },
  {
    type: 'Course',
    what: "ACTIVE, another's",
    reach: ['course(id: $otherActive)'],
    fields: {
      lessons: '11111',
      ...alike(
        'id title slug summary description status priceCents currency publishedAt createdAt updatedAt teacher stats',
        'yyyyy',
      ),
      ...alike('enrollments payments', '00001'),
      meetings: '00000',
    },
  },
  {
    type: 'Course',
    what: "DRAFT, another's",
    reach: ['course(id: $otherDraft)'],
    fields: {
      ...alike(
        'id title slug summary description status priceCents currency publishedAt createdAt updatedAt teacher stats',
        '----y',
      ),
      lessons: '----1',
      ...alike('enrollments payments meetings', '----0'),
    },
  },
  {
    type: 'Course',
    what: "ARCHIVED, another's",
    reach: ['course(id: $otherArchived)'],
    fields: {
      ...alike(
        'id title slug summary description status priceCents currency publishedAt createdAt updatedAt teacher stats',
        '----y',
      ),
      ...alike('lessons enrollments payments', '----1'),
      meetings: '----0',
    },
  },
  {
    type: 'CourseStats',
    what: 'of an ACTIVE course',
    reach: ['course(id: $active)', 'stats'],
    fields: {
      enrollmentCount: 'yyyyy',
      ...alike('completionRate averageProgress revenueCents', 'nnnyy'),
    },
  },
  {
    type: 'CourseStats',
    what: 'of an ARCHIVED course',
    reach: ['course(id: $archived)', 'stats'],
    fields: {
      ...alike('enrollmentCount completionRate averageProgress revenueCents', '--nyy'),
    },
  },
  {
    type: 'CourseStats',
    what: "of another's ACTIVE course",
    reach: ['course(id: $otherActive)', 'stats'],
    fields: {
      enrollmentCount: 'yyyyy',
      ...alike('completionRate averageProgress revenueCents', 'nnnny'),
    },
  },
  {
    type: 'CourseStats',
    what: "of another's DRAFT",
    reach: ['course(id: $otherDraft)', 'stats'],
    fields: {
      ...alike('enrollmentCount revenueCents', '----y'),
      ...alike('completionRate averageProgress', '-----'),
    },
  },
  {
    type: 'Lesson',
    what: 'of an ACTIVE course',
    reach: node('Lesson', 'activeLesson'),
    fields: {
      ...alike('id position title durationMinutes createdAt updatedAt course', 'yyyyy'),
      body: 'nnyyy',
    },
  },
  {
    type: 'Lesson',
    what: 'of a DRAFT',
    reach: node('Lesson', 'draftLesson'),
    fields: {
      ...alike('id position title durationMinutes createdAt updatedAt course body', '---yy'),
    },
  },
  {
    type: 'Lesson',
    what: 'of an ARCHIVED course',
    reach: node('Lesson', 'archivedLesson'),
    fields: {
      ...alike('id position title durationMinutes createdAt updatedAt course body', '--yyy'),
    },
  },
  {
    type: 'Lesson',
    what: "of another's ACTIVE course",
    reach: node('Lesson', 'otherActiveLesson'),
    fields: {
      ...alike('id position title durationMinutes createdAt updatedAt course', 'yyyyy'),
      body: 'nnnny',
    },
  },
  {
    type: 'Lesson',
    what: "of another's DRAFT",
    reach: node('Lesson', 'otherDraftLesson'),
    fields: {
      ...alike('id position title durationMinutes createdAt updatedAt course body', '----y'),
    },
  },
  {
    type: 'Enrollment',
    what: "the student's",
    reach: node('Enrollment', 'ownEnrollment'),
    fields: {
      ...alike('id progress status enrolledAt createdAt updatedAt course student', '--yyy'),
      payments: '--111',
    },
  },
  {
    type: 'Enrollment',
    what: "another's, with another teacher",
    reach: node('Enrollment', 'foreignEnrollment'),
    fields: {
      ...alike('id progress status enrolledAt createdAt updatedAt course student', '----y'),
      payments: '----1',
    },
  },
  {
    type: 'Enrollment',
    what: 'left, in an ARCHIVED course of the teacher',
    reach: node('Enrollment', 'leftEnrollment'),
    fields: {
      ...alike('id progress status enrolledAt createdAt updatedAt course student', '---yy'),
      payments: '---11',
    },
  },
  {
    type: 'Payment',
    what: "the student's",
    reach: node('Payment', 'ownPayment'),
    fields: {
      ...alike(
        'id amountCents currency status paidAt createdAt updatedAt enrollment course student',
        '--yyy',
      ),
    },
  },
  {
    type: 'Payment',
    what: "another's, with another teacher",
    reach: node('Payment', 'foreignPayment'),
    fields: {
      ...alike(
        'id amountCents currency status paidAt createdAt updatedAt enrollment course student',
        '----y',
      ),
    },
  },
  {
    type: 'Meeting',
    what: 'that the student hosts',
    reach: ['meeting(id: $hosted)'],
    fields: {
      ...alike('id title startsAt endsAt status createdAt updatedAt host', '--y-y'),
      course: '-----',
      attendees: '--0-0',
    },
  },
  {
    type: 'Meeting',
    what: 'that the student attends',
    reach: ['meeting(id: $attended)'],
    fields: {
      ...alike('id title startsAt endsAt status createdAt updatedAt host', '--y-y'),
      course: '-----',
      attendees: '--1-1',
    },
  },
  {
    type: 'Meeting',
    what: 'of a course of the teacher',
    reach: ['meeting(id: $ofCourse)'],
    fields: {
      ...alike('id title startsAt endsAt status createdAt updatedAt host course', '---yy'),
      attendees: '---00',
    },
  },
  {
    type: 'Meeting',
    what: 'of others',
    reach: ['meeting(id: $foreignMeeting)'],
    fields: {
      ...alike('id title startsAt endsAt status createdAt updatedAt host', '----y'),
      course: '-----',
      attendees: '----1',
    },
  },
  {
    type: 'Attendee',
    what: "the student's invitation",
    reach: node('Attendee', 'attendance'),
    fields: {
      ...alike('id response createdAt updatedAt meeting user', '--y-y'),
    },
  },
  {
    type: 'Attendee',
    what: "another's invitation",
    reach: node('Attendee', 'foreignAttendance'),
    fields: {
      ...alike('id response createdAt updatedAt meeting user', '----y'),
    },
  },
  {
    type: 'AiModel',
    what: 'any',
    reach: node('AiModel', 'model'),
    fields: {
      ...alike('id name contextWindow enabled createdAt updatedAt provider', 'yyyyy'),
    },
  },
  {
    type: 'AiProvider',
    what: 'any',
    reach: node('AiProvider', 'provider'),
    fields: {
      models: '11111',
      ...alike('id name slug createdAt updatedAt', 'yyyyy'),
    },
  },
  {
    type: 'LeaderboardEntry',
    what: 'the first',
    reach: ['leaderboard(first: 1)', 'nodes'],
    fields: {
      ...alike('rank name credits', 'yyyyy'),
    },
  },
  {
    type: 'PlatformStats',
    what: 'the platform',
    reach: ['platformStats'],
    fields: {
      usersByRole: 'NNNN3',
      ...alike('activeCourseCount enrollmentCount', 'NNNNy'),
      revenueByMonth: 'NNNN1',
    },
  },
  {
    type: 'RoleCount',
    what: 'of the platform',
    reach: ['platformStats', 'usersByRole'],
    fields: {
      ...alike('role count', 'NNNNy'),
    },
  },
  {
    type: 'MonthlyRevenue',
    what: 'of the platform',
    reach: ['platformStats', 'revenueByMonth'],
    fields: {
      ...alike('month revenueCents', 'NNNNy'),
    },
  },
  {
    type: 'StudentDashboard',
    what: "the student's",
    reach: ['user(id: $student)', 'studentDashboard'],
    fields: {
      activeEnrollments: '--1N1',
      ...alike('completedCount averageProgress creditBalance', '--yNy'),
      ...alike('upcomingMeetings nextCalendarEvents', '--0N0'),
    },
  },
  {
    type: 'TeacherDashboard',
    what: "the teacher's",
    reach: ['user(id: $teacher)', 'teacherDashboard'],
    fields: {
      courses: 'NNN33',
      ...alike('activeCourseCount studentCount enrollmentCount revenueCents', 'NNNyy'),
      students: 'NNN22',
      upcomingMeetings: 'NNN00',
    },
  },
  {
    type: 'AdminDashboard',
    what: "the admin's",
    reach: ['user(id: $admin)', 'adminDashboard'],
    fields: {
      platform: '----y',
      newestUsers: '----7',
      newestCourses: '----6',
    },
  },
  {
    type: 'AdminDashboard',
    what: "the viewer's",
    reach: ['viewer', 'adminDashboard'],
    fields: {
      platform: '-NNNy',
      newestUsers: '-NNN7',
      newestCourses: '-NNN6',
    },
  },
]

/** Types that only a mutation for admins shows. */
export const shownByMutations: Readonly<Record<string, readonly string[]>> = {
  ImportedStudent: ['status', 'user'],
}

function node(type: string, id: string): readonly string[] {
  return [`node(id: $${id})`, `... on ${type}`]
}

/** Decides several fields alike; blanks part their names. */
function alike(names: string, cells: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, cells]))
}
