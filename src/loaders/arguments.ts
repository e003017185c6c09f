import type { Arguments } from './entity-types.ts'
import type { PothosFields } from './pothos.ts'

/** Arguments as they are written, as Pothos takes them. */
export function toPothosArguments(
  t: PothosFields,
  args: Arguments = {},
): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, t.arg(arg)]))
}

/** The four arguments of every connection. */
export function pageArguments(t: PothosFields): Readonly<Record<string, object>> {
  const size = (which: string) =>
    t.arg({
      type: 'Int',
      description: `How many entries, from the ${which}; 20 unless asked, 100 at most.`,
    })
  const place = (which: string) =>
    t.arg({ type: 'String', description: `Only entries ${which} the one with this cursor.` })
  return {
    first: size('start'),
    after: place('after'),
    last: size('end'),
    before: place('before'),
  }
}
