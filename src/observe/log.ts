/** Where trouble is told, and its end: as much of a logger as is needed for that, pino's or another. */
export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}
