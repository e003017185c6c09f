import type pg from 'pg'
import { shuffle } from './draw.ts'

/** Raw ids of who asks and of what is asked about, from the bench data set. */
export interface Population {
  readonly students: readonly Student[]
  readonly teachers: readonly Teacher[]
  readonly admins: readonly Person[]
  /** ACTIVE courses, the most enrolled first. */
  readonly courses: readonly Course[]
  /** For the attendees of meetings to come. */
  readonly colleagues: readonly string[]
}

export interface Person {
  readonly id: string
  readonly role: 'STUDENT' | 'TEACHER' | 'ADMIN'
}

export interface Student extends Person {
  /** ACTIVE ones. */
  readonly enrollments: readonly string[]
  readonly invitations: readonly string[]
}

export interface Teacher extends Person {
  readonly courses: readonly string[]
}

export interface Course {
  readonly id: string
  readonly slug: string
}

/** 1,000 students, 50 teachers and 5 admins who have something to look at, in an order of chance. */
export async function choosePopulation(pool: pg.Pool, random: () => number): Promise<Population> {
  const students = await pool.query<Student>(
    `SELECT u.id, u.role,
       ARRAY(SELECT e.id::text FROM "Enrollment" e WHERE e."studentId" = u.id AND e.status = 'ACTIVE' LIMIT 20) AS enrollments,
       ARRAY(SELECT m.id::text FROM "Attendee" a JOIN "Meeting" m ON m.id = a."meetingId"
             WHERE a."userId" = u.id AND m.status = 'SCHEDULED' LIMIT 20) AS invitations
     FROM "User" u WHERE u.role = 'STUDENT'
       AND EXISTS (SELECT FROM "Enrollment" e WHERE e."studentId" = u.id AND e.status = 'ACTIVE')
     ORDER BY u.id LIMIT 1000`,
  )
  const teachers = await pool.query<Teacher>(
    `SELECT u.id, u.role,
       ARRAY(SELECT c.id::text FROM "Course" c WHERE c."teacherId" = u.id AND c.status = 'ACTIVE') AS courses
     FROM "User" u WHERE u.role = 'TEACHER'
       AND EXISTS (SELECT FROM "Course" c WHERE c."teacherId" = u.id AND c.status = 'ACTIVE')
     ORDER BY u.id LIMIT 50`,
  )
  const admins = await pool.query<Person>(
    `SELECT id, role FROM "User" WHERE role = 'ADMIN' ORDER BY id LIMIT 5`,
  )
  const courses = await pool.query<Course>(
    `SELECT c.id, c.slug FROM "Course" c WHERE c.status = 'ACTIVE'
     ORDER BY (SELECT count(*) FROM "Enrollment" e WHERE e."courseId" = c.id) DESC, c.id`,
  )
  const colleagues = await pool.query<{ id: string }>(
    `SELECT id FROM "User" ORDER BY id DESC LIMIT 500`,
  )
  return {
    students: shuffle(students.rows, random),
    teachers: shuffle(teachers.rows, random),
    admins: admins.rows,
    courses: courses.rows,
    colleagues: colleagues.rows.map(({ id }) => id),
  }
}
