import type { Config } from './config.ts'
import type { Database } from './sql/database.ts'

export interface BannerOptions {
  readonly config: Config
  /** As a browser would open it. */
  readonly origin: string
  readonly database: Database
  /** Which cache is on, or why none is. */
  readonly cache: string
  /** Where operators look, and how they get in; null where nobody may. */
  readonly dashboard: string | null
  readonly people: readonly { readonly email: string }[]
}

/** What a person who has just started the process wants to know. */
export function renderBanner(options: BannerOptions): string {
  const { config, origin, database, cache, people } = options
  const lines = [
    `Loadline serves ${origin}/graphql`,
    '',
    `  GraphiQL   ${config.graphiql ? `${origin}/graphql (open it in a browser)` : 'off (LOADLINE_GRAPHIQL=true turns it on)'}`,
    `  database   ${database.description}`,
    `  cache      ${cache}`,
    `  health     ${origin}/health/ready`,
    ...(options.dashboard === null ? [] : [`  dashboard  ${options.dashboard}`]),
  ]
  if (config.production || config.auth.secret === null) return `${lines.join('\n')}\n`
  return [
    ...lines,
    '',
    '  A bearer token for each of the demo people:',
    ...people.map(({ email }) => `    npm run -s token -- ${email}`),
    '',
  ].join('\n')
}
