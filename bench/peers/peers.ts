import { demoPeople } from '../../prisma/demo-people.ts'
import { signToken } from '../../src/guard/sign-token.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import type { Variables, Workload } from '../workloads/workloads.ts'

/** What a user would pick, in a process of its own. */
export interface Peer {
  readonly name: string
  readonly workloads: readonly string[]
  start(databaseUrl: string): Promise<ServerProcess>
  readonly path: string
  /** What is sent for a workload, as the JSON of a POST. */
  write(name: string, workload: Workload, variables: Variables): object
  readonly headers?: Readonly<Record<string, string>>
  /** Its answer as Loadline's `data`. @default `data` as it is */
  read?(workload: Workload, data: never): unknown
}

const secret = 'a secret of the bench, which is long enough'
const admin = demoPeople.find(({ role }) => role === 'ADMIN')
const token = await signToken(admin?.id ?? '', { secret, issuer: null, audience: null })

const all = ['node', 'list', 'nested', 'nested-uncounted', 'chain', 'deep', 'wide']

/** As Loadline is asked: its own documents, the global ids as variables. */
const likeLoadline = {
  path: '/graphql',
  write: (_: string, { query }: Workload, { id, ids }: Variables) => ({
    query,
    variables: { ...(id && { id }), ...(ids && { ids }) },
  }),
}

const script =
  (name: string, env: Readonly<Record<string, string>> = {}, node?: string) =>
  (databaseUrl: string) =>
    startServer({
      script: `peers/${name}-server.ts`,
      env: { DATABASE_URL: databaseUrl, ...env },
      ...(node ? { node } : {}),
    })

export const peers: readonly Peer[] = [
  {
    name: 'loadline',
    workloads: all,
    ...likeLoadline,
    headers: { authorization: `Bearer ${token}` },
    start: (databaseUrl) =>
      startServer({
        script: 'src/main.ts',
        cwd: '..',
        env: {
          ...{ DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: '10', AUTH_JWT_SECRET: secret },
          // Every answer is computed, as by the peers.
          CACHE: 'false',
          // All limits are checked; those on one viewer are as far away as the bench is one viewer.
          LOADLINE_LIMITS:
            'rate=1000000000,executions=20,executionsPerViewer=20,connectionsPerViewer=40,queueMs=30000,loopDelayMs=10000',
          LOG_LEVEL: 'warn',
        },
      }),
  },
  {
    name: 'json',
    workloads: all,
    path: '/',
    write: (workload, _, { key, keys }) => ({ workload, variables: { key, keys } }),
    start: script('json'),
  },
  {
    name: 'postgraphile',
    workloads: all,
    path: '/graphql',
    write: (_, { query, postgraphile }, variables) => ({
      query: postgraphile?.query ?? query,
      variables: { key: variables.key, keys: variables.keys },
    }),
    read: ({ postgraphile }, data) => postgraphile?.read?.(data) ?? data,
    // It needs Node 22 or later.
    start: script('postgraphile', {}, 'peers/node_modules/node/bin/node'),
  },
  { name: 'mercurius', workloads: all, ...likeLoadline, start: script('mercurius') },
  {
    name: 'pothos-prisma',
    workloads: all,
    ...likeLoadline,
    start: script('pothos-prisma', { PRISMA_VARIANT: 'include' }),
  },
  {
    name: 'pothos-prisma-joins',
    workloads: all,
    ...likeLoadline,
    start: script('pothos-prisma', { PRISMA_VARIANT: 'relationJoins' }),
  },
  {
    name: 'apollo',
    workloads: ['list', 'nested'],
    ...likeLoadline,
    start: script('apollo'),
  },
]
