export interface SessionOptions {
  /** When the server ends a statement; 0 leaves the server's own setting. */
  readonly statementTimeoutMs: number
  /** Settings beside those that decide how values are printed. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Where to connect, so that every session begins with the settings that our statements count on. */
export function toSessionUrl(databaseUrl: string, options: SessionOptions): string {
  const { statementTimeoutMs, settings = {} } = options
  const url = new URL(databaseUrl)
  const schema = schemaOf(url)
  const all = {
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    // Statements that read several things look dear enough to be compiled, which takes longer than they do.
    jit: 'off',
    ...(statementTimeoutMs > 0 ? { statement_timeout: `${statementTimeoutMs}` } : {}),
    ...(schema === undefined ? {} : { search_path: schema }),
    ...settings,
  }
  const ownOptions = url.searchParams.get('options') ?? ''
  const given = Object.entries(all).map(([name, value]) => `-c ${name}=${escapeOption(value)}`)
  // What the URL says of itself would replace an option of the driver, so both are joined in it.
  url.searchParams.set('options', `${given.join(' ')} ${ownOptions}`.trimEnd())
  url.searchParams.delete('schema')
  return url.href
}

/** As the driver's option takes a value. */
function escapeOption(value: string): string {
  return value.replace(/[\\ ]/g, '\\$&')
}

/** Prisma's `?schema=`. */
export function schemaOf(url: URL): string | undefined {
  return url.searchParams.get('schema') ?? undefined
}
