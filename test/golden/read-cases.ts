import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { globalId } from '../support/global-id.ts'

export const casesFolder = join(import.meta.dirname, 'cases')

export interface GoldenCase {
  /** The files' name without its end. */
  readonly name: string
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  /** The raw id of the one who asks; null when nobody is signed in. */
  readonly viewerId: string | null
}

/** People of `school.sql` who ask. */
const people: Readonly<Record<string, number>> = {
  ada: 101,
  tom: 102,
  tea: 103,
  sam: 104,
  sue: 105,
  sid: 106,
  noa: 107,
}

/**
 * Every `<case>.graphql`. Comments at its head say who asks and with what: `# viewer: sam`, and
 * `# variables: {...}` where `@Course/201` stands for the global id of the row with that number.
 */
export function readCases(): readonly GoldenCase[] {
  return readdirSync(casesFolder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readCase(join(casesFolder, file)))
}

function readCase(file: string): GoldenCase {
  const document = readFileSync(file, 'utf8')
  const viewer = headOf(document, 'viewer')
  const number = viewer === undefined ? null : people[viewer]
  if (number === undefined) throw new Error(`${file} is asked by "${viewer}", whom nobody knows`)
  return {
    name: basename(file, '.graphql'),
    document: withIds(document),
    variables: JSON.parse(withIds(headOf(document, 'variables') ?? '{}')),
    viewerId: number === null ? null : rowId(number),
  }
}

function headOf(document: string, name: string): string | undefined {
  return new RegExp(`^# ${name}: (.*)$`, 'm').exec(document)?.[1]
}

function withIds(text: string): string {
  return text.replace(/@(\w+)\/(\d+)/g, (_, type, number) => globalId(type, rowId(Number(number))))
}

function rowId(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}
