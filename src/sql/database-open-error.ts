/**
 * A database that cannot be opened for a reason that the person who starts the process can mend.
 * Its message is one line that says what was wanted, what came, and what to do.
 */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError'
}
