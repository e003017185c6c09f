import type { School } from './create-school.ts'

/** The global ids of a school by the names that a document has for them. */
export function idsOf(school: School): Readonly<Record<string, string>> {
  const { people: _people, personal, ...rest } = school
  const ids = new Map<string, string>()
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'string') ids.set(name, value)
    else ids.set(name, value.course).set(`${name}Lesson`, value.lesson)
  }
  for (const [who, things] of Object.entries(personal)) {
    for (const [thing, id] of Object.entries(things)) ids.set(who + capital(thing), id)
  }
  return Object.fromEntries(ids)
}

function capital(name: string): string {
  return name.replace(/^./, (letter) => letter.toUpperCase())
}
