type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The fields that were given: an input leaves out what it does not change. */
export function present<T extends object>(fields: T): Present<T> {
  // Only the undefined ones are gone.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>
}
