import type { Row } from '../model/history.ts'
import { type Cast, globalIdOf } from './cast.ts'
import type { Random } from './random.ts'

/** A mutation and who calls it. */
export interface Write {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  /** The raw id of the one who calls. */
  readonly viewerId: string
}

/** What a mutation is given to choose from. */
export interface Draw {
  readonly cast: Cast
  readonly random: Random
  /** A number that no other write has, for texts. */
  readonly version: number
}

export type DrawWrite = (draw: Draw) => Omit<Write, 'name'> | null

export const isStudent = ({ role }: Row) => role === 'STUDENT'
const isAdmin = ({ role }: Row) => role === 'ADMIN'

/** The first part of a text stays, so that it says whose it is. */
export function next(text: unknown, version: number): string {
  return `${String(text).replace(/v\d+$/, '')}v${version}`
}

/** One and the same admin may be demoted meanwhile: any that is one now. */
export function byAdmin(draw: Draw, input: Write['input'] | null) {
  const admin = draw.cast.find(draw.random, 'User', isAdmin)
  return admin && input && { viewerId: String(admin.id), input }
}

export function by(viewerId: unknown, input: Write['input']): Omit<Write, 'name'> {
  return { viewerId: String(viewerId), input }
}

/** A change of one row of a model, called by whom one of its columns names. */
export function byOwner(
  model: string,
  column: string,
  input: (row: Row, draw: Draw) => Write['input'],
  fits?: (row: Row) => boolean,
): DrawWrite {
  return (draw) => {
    const row = draw.cast.find(draw.random, model, fits)
    return row && by(row[column], input(row, draw))
  }
}

export function byTeacherOf(
  model: string,
  input: (row: Row, draw: Draw) => Write['input'] | null,
): DrawWrite {
  return (draw) => {
    const row = draw.cast.find(draw.random, model)
    const course = row && draw.cast.rows('Course', ({ id }) => id === row.courseId)[0]
    const given = row && course && input(row, draw)
    return given ? by(course.teacherId, given) : null
  }
}

export function ofAnybody(input: (user: Row, draw: Draw) => Write['input']): DrawWrite {
  return (draw) => {
    const user = draw.cast.find(draw.random, 'User')
    return user && by(user.id, input(user, draw))
  }
}

export const id = (model: string) => (row: Row) => ({ id: globalIdOf(model, row) })
export const active = ({ status }: Row) => status === 'ACTIVE'
export const open = ({ status }: Row) => status === 'SCHEDULED' || status === 'LIVE'
export const progress = (random: Random) => (random.chance(0.15) ? 1 : random.below(100) / 100)

/** Whether there are so few rows of a model that more may be made. */
export const roomFor = ({ cast }: Draw, model: string, most: number) =>
  cast.rows(model).length < most

/** Mutations by name: how often each is called beside the others, and with what. */
export type Mutations = Readonly<Record<string, readonly [weight: number, DrawWrite]>>
