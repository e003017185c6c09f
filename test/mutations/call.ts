import type { TestApp } from '../support/start-test-app.ts'

/** A person of the test's, or null for nobody. */
export type As = { readonly id: string } | null

export interface Called {
  /** The payload; null when the mutation failed. */
  // biome-ignore lint/suspicious/noExplicitAny: what came back is what the test is about
  readonly payload: any
  /** The first error's code; undefined when there was none. */
  readonly code: unknown
  readonly field: unknown
  readonly message: string | undefined
  readonly issues: readonly { readonly field: string; readonly message: string }[]
}

/** Calls one mutation through the door that clients use. */
export async function call(
  app: TestApp,
  as: As,
  name: string,
  input: object,
  selection = '__typename',
): Promise<Called> {
  const type = `${name.replace(/^./, (letter) => letter.toUpperCase())}Input`
  const { data, errors } = await app.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { as, variables: { input } },
  )
  const [error] = errors ?? []
  return {
    payload: data?.[name] ?? null,
    code: error?.extensions.code,
    field: error?.extensions.field,
    message: error?.message,
    // As validate.ts writes them.
    issues: (error?.extensions.issues ?? []) as Called['issues'],
  }
}

/** The global id of a row. */
export function gid(type: string, { id }: { readonly id: string }): string {
  return Buffer.from(`${type}:${id}`).toString('base64url')
}

/** A checksum over every row of every table: equal before and after where nothing was written. */
export async function checksum(app: TestApp): Promise<string> {
  const tables = await app.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`
  const sums = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS t, md5(string_agg(r::text, ' ' ORDER BY r::text)) AS s FROM "${name}" AS r`,
  )
  return JSON.stringify(await app.prisma.$queryRawUnsafe(`${sums.join(' UNION ALL ')} ORDER BY t`))
}
