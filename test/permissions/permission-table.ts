import type { School } from './create-school.ts'

/**
 * What a viewer is answered: a figure or `yes` (something), `null` (as if it did not exist, without
 * an error), or null with the error `FORBIDDEN` at its path.
 */
export type Answer = 'yes' | 'null' | 'FORBIDDEN' | number

export type Row = readonly [
  what: string,
  query: (school: School) => string,
  anonymous: Answer,
  student: Answer,
  teacher: Answer,
  admin: Answer,
]

const yes = 'yes'
const none = 'null'
const denied = 'FORBIDDEN'

export const node = (id: string, fields: string) => `{ node(id: "${id}") { ${fields} } }`
export const course = (id: string, fields: string) => `{ course(id: "${id}") { ${fields} } }`
const user = (id: string, fields: string) => `{ user(id: "${id}") { ${fields} } }`
const viewer = (fields: string) => () => `{ viewer { ${fields} } }`
export const lessonBody = (id: string) => node(id, '... on Lesson { body }')

/** One personal thing of a person: a field of User, by what is asked of it. */
const personal = {
  email: 'email',
  profile: 'profile { headline }',
  plan: 'subscription { plan }',
  usage: 'usage { totalCount }',
  credits: 'creditBalance',
  'credit entries': 'creditEntries { totalCount }',
  calendar: 'calendarEvents { totalCount }',
  integrations: 'integrations { totalCount }',
  'bot settings': 'botSettings { language }',
  'student dashboard': 'studentDashboard { completedCount }',
  'teacher dashboard': 'teacherDashboard { studentCount }',
} as const

const publicThings: readonly Row[] = [
  ['an ACTIVE course', (s) => course(s.active.course, 'title'), yes, yes, yes, yes],
  ['its text', (s) => course(s.active.course, 'description'), yes, yes, yes, yes],
  ['its lessons', (s) => course(s.active.course, 'lessons { totalCount }'), 1, 1, 1, 1],
  ["a lesson's title", (s) => node(s.active.lesson, '... on Lesson { title }'), yes, yes, yes, yes],
  ["its teacher's name", (s) => course(s.active.course, 'teacher { name }'), yes, yes, yes, yes],
  ["another teacher's name", (s) => user(s.otherTeacher, 'name'), yes, yes, yes, yes],
  ['AI models', () => '{ aiModels { totalCount } }', 1, 1, 1, 1],
  ['the leaderboard', () => '{ leaderboard { totalCount } }', 7, 7, 7, 7],
  ['names on it', () => '{ leaderboard(first: 1) { nodes { name } } }', 1, 1, 1, 1],
]

const lessonBodies: readonly Row[] = [
  ['of an ACTIVE course', (s) => lessonBody(s.active.lesson), denied, yes, yes, yes],
  ['of an ARCHIVED course', (s) => lessonBody(s.archived.lesson), none, yes, yes, yes],
  [
    "of another's ACTIVE course",
    (s) => lessonBody(s.otherActive.lesson),
    denied,
    denied,
    denied,
    yes,
  ],
  ["of another's DRAFT", (s) => lessonBody(s.otherDraft.lesson), none, none, none, yes],
]

const coursesNotActive: readonly Row[] = [
  ['a DRAFT', (s) => course(s.draft.course, 'title'), none, none, yes, yes],
  ['its lesson', (s) => node(s.draft.lesson, '... on Lesson { title }'), none, none, yes, yes],
  ["another's DRAFT", (s) => course(s.otherDraft.course, 'title'), none, none, none, yes],
  ['an ARCHIVED one', (s) => course(s.archived.course, 'title'), none, yes, yes, yes],
  ["another's ARCHIVED one", (s) => course(s.otherArchived.course, 'title'), none, none, none, yes],
  ['all courses', () => '{ courses { totalCount } }', 2, 3, 4, 6],
  ['all ACTIVE', () => '{ courses(filter: { status: ACTIVE }) { totalCount } }', 2, 2, 2, 2],
  ['all DRAFT', () => '{ courses(filter: { status: DRAFT }) { totalCount } }', 0, 0, 1, 2],
  ['all ARCHIVED', () => '{ courses(filter: { status: ARCHIVED }) { totalCount } }', 0, 1, 1, 2],
  ["the teacher's", (s) => user(s.teacher, 'courses { totalCount }'), 1, 2, 3, 3],
]

const figures = ['completionRate', 'averageProgress', 'revenueCents'] as const

const aboutCourses: readonly Row[] = [
  [
    'students of an ACTIVE course',
    (s) => course(s.active.course, 'stats { enrollmentCount }'),
    2,
    2,
    2,
    2,
  ],
  [
    'students of a DRAFT',
    (s) => course(s.draft.course, 'stats { enrollmentCount }'),
    none,
    none,
    0,
    0,
  ],
  [
    'students of an ARCHIVED one',
    (s) => course(s.archived.course, 'stats { enrollmentCount }'),
    none,
    denied,
    1,
    1,
  ],
  ...figures.flatMap((figure): Row[] => [
    [figure, (s) => course(s.active.course, `stats { ${figure} }`), denied, denied, yes, yes],
    [
      `${figure} of another's`,
      (s) => course(s.otherActive.course, `stats { ${figure} }`),
      denied,
      denied,
      denied,
      yes,
    ],
  ]),
  ['enrollments', (s) => course(s.active.course, 'enrollments { totalCount }'), 0, 1, 3, 3],
  [
    "enrollments of another's",
    (s) => course(s.otherActive.course, 'enrollments { totalCount }'),
    0,
    0,
    0,
    1,
  ],
  ['payments', (s) => course(s.active.course, 'payments { totalCount }'), 0, 1, 3, 3],
  [
    "payments of another's",
    (s) => course(s.otherActive.course, 'payments { totalCount }'),
    0,
    0,
    0,
    1,
  ],
  ["the student's enrollment", (s) => node(s.ownEnrollment, '__typename'), none, yes, yes, yes],
  ["another's enrollment", (s) => node(s.foreignEnrollment, '__typename'), none, none, none, yes],
  ["the student's payment", (s) => node(s.ownPayment, '__typename'), none, yes, yes, yes],
  ["another's payment", (s) => node(s.foreignPayment, '__typename'), none, none, none, yes],
]

const ofThePerson: readonly Row[] = [
  ...Object.entries(personal).map(
    ([what, field]): Row => [what, viewer(field), none, yes, yes, yes],
  ),
  ['conversations', viewer('conversations { totalCount }'), none, 1, 1, 1],
  ['enrollments', viewer('enrollments { totalCount }'), none, 2, 0, 0],
  ['payments', viewer('payments { totalCount }'), none, 2, 0, 0],
  ['courses taught', viewer('courses { totalCount }'), none, 0, 3, 0],
  ['meetings', viewer('meetings { totalCount }'), none, 2, 0, 0],
]

const ofTheStudent: readonly Row[] = [
  ['name', (s) => user(s.student, 'name'), none, yes, yes, yes],
  ['email', (s) => user(s.student, 'email'), none, yes, yes, yes],
  ...Object.entries(personal)
    .filter(([what]) => what !== 'email')
    .map(([what, field]): Row => [what, (s) => user(s.student, field), none, yes, denied, yes]),
  [
    'conversations',
    (s) => user(s.student, 'conversations { totalCount }'),
    none,
    1,
    denied,
    denied,
  ],
  ['enrollments', (s) => user(s.student, 'enrollments { totalCount }'), none, 2, 2, 2],
  ['payments', (s) => user(s.student, 'payments { totalCount }'), none, 2, 2, 2],
  ...(
    [
      'profile',
      'subscription',
      'botSettings',
      'usageRecord',
      'creditEntry',
      'calendarEvent',
      'integration',
    ] as const
  ).map(
    (thing): Row => [
      `the ${thing} by its id`,
      (s) => node(s.personal.student[thing], '__typename'),
      none,
      yes,
      none,
      yes,
    ],
  ),
  [
    'a conversation by its id',
    (s) => `{ conversation(id: "${s.personal.student.conversation}") { title } }`,
    none,
    yes,
    none,
    none,
  ],
  [
    'a conversation as a node',
    (s) => node(s.personal.student.conversation, '__typename'),
    none,
    yes,
    none,
    none,
  ],
  [
    'a message by its id',
    (s) => node(s.personal.student.message, '__typename'),
    none,
    yes,
    none,
    none,
  ],
]

const ofTheTeacher: readonly Row[] = Object.entries(personal).map(([what, field]) => [
  what,
  (s) => user(s.teacher, field),
  denied,
  denied,
  yes,
  yes,
])

const ofStrangers: readonly Row[] = [
  ['a student of nobody', (s) => user(s.stranger, 'name'), none, none, none, yes],
  ['a student who has left', (s) => user(s.formerStudent, 'name'), none, none, none, yes],
  ['an admin', (s) => user(s.admin, 'name'), none, none, none, yes],
  ['everybody', () => '{ users { totalCount } }', denied, denied, denied, 7],
  [
    'figures of the platform',
    () => '{ platformStats { activeCourseCount } }',
    denied,
    denied,
    denied,
    2,
  ],
  [
    'the admin dashboard',
    viewer('adminDashboard { newestUsers { totalCount } }'),
    none,
    denied,
    denied,
    7,
  ],
]

const meetings: readonly Row[] = [
  ['as its host', (s) => `{ meeting(id: "${s.hosted}") { title } }`, none, yes, none, yes],
  ['as an attendee', (s) => `{ meeting(id: "${s.attended}") { title } }`, none, yes, none, yes],
  [
    'its attendees',
    (s) => `{ meeting(id: "${s.attended}") { attendees { totalCount } } }`,
    none,
    1,
    none,
    1,
  ],
  ['its host', (s) => `{ meeting(id: "${s.attended}") { host { name } } }`, none, yes, none, yes],
  ['an invitation', (s) => node(s.attendance, '__typename'), none, yes, none, yes],
  ['of an own course', (s) => `{ meeting(id: "${s.ofCourse}") { title } }`, none, none, yes, yes],
  ['its host, by id', (s) => user(s.otherStudent, 'name'), none, none, yes, yes],
  ["another's", (s) => `{ meeting(id: "${s.foreignMeeting}") { title } }`, none, none, none, yes],
  ["another's invitation", (s) => node(s.foreignAttendance, '__typename'), none, none, none, yes],
  ['of a course', (s) => course(s.active.course, 'meetings { totalCount }'), 0, 0, 1, 1],
  ['of a teacher', (s) => user(s.otherTeacher, 'meetings { totalCount }'), 0, 1, 0, 2],
]

/** Who is answered what, section by section as the table of permissions has them. */
export const sections = [
  ['what is public', publicThings],
  ['lesson bodies', lessonBodies],
  ['courses that are not ACTIVE', coursesNotActive],
  ['what belongs to a course', aboutCourses],
  ["the viewer's own", ofThePerson],
  ["a student's", ofTheStudent],
  ["a teacher's", ofTheTeacher],
  ['people and figures', ofStrangers],
  ['meetings', meetings],
] as const
