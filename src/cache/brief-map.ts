/**
 * Things by name that are there for a moment only, again and again. Not a `Map`: whenever that makes
 * room it leaves its table behind with all that was in it and a reference to the next one, and once one
 * of them is old, all that were ever in are kept until the whole heap is collected.
 */
export interface BriefMap<T> {
  get(name: string): T | undefined
  set(name: string, value: T): void
  delete(name: string): void
}

export function createBriefMap<T>(): BriefMap<T> {
  const values: Record<string, T> = Object.create(null)
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value
    },
    delete(name) {
      delete values[name]
    },
  }
}
