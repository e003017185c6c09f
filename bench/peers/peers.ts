import { demoPeople } from '../../prisma/demo-people.ts'
import { benchSecret, signForBench } from '../support/bench-secret.ts'
import { farLimits } from '../support/far-limits.ts'
import { product } from '../support/product.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import type { Variables, Workload } from '../workloads/workload.ts'

/** What servers are given to work with. */
export interface Place {
  readonly databaseUrl: string
  /** Where answers are kept; null: nowhere. */
  readonly redisUrl: string | null
}

/** What a user would pick, in a process of its own. */
export interface Peer {
  readonly name: string
  readonly workloads: readonly string[]
  start(place: Place): Promise<ServerProcess>
  readonly path: string
  /** What is sent for a workload, as the JSON of a POST. */
  write(name: string, workload: Workload, variables: Variables): object
  headers?(variables: Variables): Promise<Readonly<Record<string, string>>>
  /** Its answer as Loadline's `data`. @default `data` as it is */
  read?(workload: Workload, data: never): unknown
  /** What the head of an answer has that was kept; others may not be asked. */
  readonly hitHead?: RegExp
  /** Whether its copy for writing goes without what captures writes, which is Loadline's. @default true */
  readonly isBare?: boolean
}

const admin = demoPeople.find(({ role }) => role === 'ADMIN')
const tokens = new Map<string, Promise<string>>()

function tokenOf(viewer = admin?.id ?? ''): Promise<string> {
  const token = tokens.get(viewer) ?? signForBench(viewer)
  tokens.set(viewer, token)
  return token
}

const computed = ['node', 'list', 'nested', 'nested-uncounted', 'chain', 'deep', 'wide']
const screens = ['student-dashboard', 'teacher-dashboard', 'admin-dashboard', 'search']
/** Prisma neither orders by the number of some related rows nor groups by months. */
const expressible = ['student-dashboard', 'search']
const writes = ['mutation', 'import']
const hits = ['hit-2k', 'hit-20k', 'hit-20k-identity']

/** As Loadline is asked: its own documents, the global ids as variables. Who asks is taken on trust. */
const likeLoadline = {
  path: '/graphql',
  write: (_: string, { query }: Workload, { id, ids, more }: Variables) => ({
    query,
    variables: { ...(id && { id }), ...(ids && { ids }), ...more },
  }),
  headers: async ({ viewer }: Variables): Promise<Readonly<Record<string, string>>> =>
    viewer === undefined ? {} : { 'x-viewer': viewer },
}

/** By the names of statements, with raw ids. */
const byHand = {
  path: '/',
  write: (workload: string, _: Workload, { key, keys, byHand }: Variables) => ({
    workload,
    variables: { key, keys, ...byHand },
  }),
}

const script =
  (name: string, env: Readonly<Record<string, string>> = {}) =>
  ({ databaseUrl, redisUrl }: Place) =>
    startServer({
      script: `peers/${name}-server.ts`,
      env: { DATABASE_URL: databaseUrl, ...(redisUrl && { REDIS_URL: redisUrl }), ...env },
    })

export const peers: readonly Peer[] = [
  {
    ...likeLoadline,
    name: 'loadline',
    workloads: [...computed, ...screens, ...writes, ...hits],
    isBare: false,
    hitHead: /^cache-status: loadline; hit/im,
    headers: async ({ viewer }) => ({ authorization: `Bearer ${await tokenOf(viewer)}` }),
    start: ({ databaseUrl, redisUrl }) =>
      startServer({
        ...product,
        env: {
          ...{ DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: '10', AUTH_JWT_SECRET: benchSecret },
          // Without Redis every answer is computed, as by the peers.
          ...(redisUrl === null ? { CACHE: 'false' } : { REDIS_URL: redisUrl }),
          ...{ LOADLINE_LIMITS: farLimits, LOG_LEVEL: 'warn' },
        },
      }),
  },
  {
    ...byHand,
    name: 'json',
    workloads: [...computed, ...screens, ...writes],
    start: script('json'),
  },
  {
    name: 'postgraphile',
    workloads: [...computed, 'student-dashboard', 'mutation'],
    path: '/graphql',
    write: (_, { query, postgraphile }, variables) => ({
      query: postgraphile?.query ?? query,
      variables: postgraphile?.variables?.(variables) ?? {
        key: variables.key,
        keys: variables.keys,
      },
    }),
    read: ({ postgraphile }, data) => postgraphile?.read?.(data) ?? data,
    // It needs Node 22 or later.
    start: script('postgraphile'),
  },
  { ...likeLoadline, name: 'mercurius', workloads: computed, start: script('mercurius') },
  {
    ...likeLoadline,
    name: 'pothos-prisma',
    workloads: [...computed, ...expressible, ...writes],
    start: script('pothos-prisma', { PRISMA_VARIANT: 'include' }),
  },
  {
    ...likeLoadline,
    name: 'pothos-prisma-joins',
    workloads: [...computed, ...expressible],
    start: script('pothos-prisma', { PRISMA_VARIANT: 'relationJoins' }),
  },
  { ...likeLoadline, name: 'apollo', workloads: ['list', 'nested'], start: script('apollo') },
  { ...byHand, name: 'fixed-buffer', workloads: hits, start: script('json', { KEEP: 'process' }) },
  { ...byHand, name: 'redis-read', workloads: hits, start: script('json', { KEEP: 'redis' }) },
  {
    ...likeLoadline,
    name: 'stock-plugin',
    workloads: hits,
    start: script('pothos-prisma', { PRISMA_VARIANT: 'relationJoins' }),
  },
]
