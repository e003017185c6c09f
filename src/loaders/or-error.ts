/** What a promise gives, or the error that it fails with: for several of which each fails by itself. */
export async function orError<T>(value: T | Promise<T>): Promise<T | Error> {
  try {
    return await value
  } catch (reason) {
    return reason instanceof Error ? reason : new Error(String(reason))
  }
}
