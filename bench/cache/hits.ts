/**
 * What a hit costs: Loadline on Redis beside a buffer on node:http, the same with one Redis read, and
 * Yoga with the stock response cache on Redis. Each server is a process of its own, and they take
 * turns; CPU is that of the server's process. Wants BENCH_DATABASE_URL, of which it makes a copy.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { gunzipSync } from 'node:zlib'
import { signToken } from '../../src/guard/sign-token.ts'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { benchUrl } from '../support/bench-database.ts'
import { copyDatabase } from '../support/copy-database.ts'
import { load, open, type RawRequest, writeRequest } from '../support/http-load.ts'
import { median } from '../support/measure.ts'
import { printTable } from '../support/report.ts'
import { benchSecret, startServedApp } from '../support/served-app.ts'
import type { HitServerOptions } from './hit-servers.ts'

const rounds = Number(process.env.ROUNDS ?? 5)
const ms = Number(process.env.MS ?? 2_000)
const connections = 20

interface Way {
  readonly name: string
  readonly port: number
  readonly request: RawRequest
  readonly status: number
  readonly cpuUs: () => Promise<number>
  readonly rounds: Round[]
}

interface Round {
  readonly cpuUs: number
  readonly perSecond: number
  readonly bytes: number
}

await using redis = await startPrivateRedis()
await using copy = await copyDatabase(benchUrl(), 'hits')
const app = await startServedApp({
  env: {
    DATABASE_URL: copy.url,
    REDIS_URL: redis.url,
    LOADLINE_LIMITS: 'rate=1000000000,cost=100000,values=1000000',
  },
  isCaching: true,
})
const children: ChildProcess[] = []
const port = Number(new URL(app.origin).port)
for (const rows of [2, 24]) await measureSize(rows)
for (const child of children) child.disconnect()
await app.close()

async function measureSize(first: number): Promise<void> {
  const query = `{ courses(first: ${first}) { nodes { id title slug status description createdAt teacher { id name } } } }`
  const body = JSON.stringify({ query })
  const gzip = { 'accept-encoding': 'gzip' }
  const posted = writeRequest({ path: '/graphql', body, headers: gzip })
  const plain = writeRequest({ path: '/graphql', body })
  const computed = await untilHit(plain)
  const text = computed.body.toString()
  const get = (headers: Readonly<Record<string, string>>) =>
    writeRequest({
      path: `/graphql?query=${encodeURIComponent(query)}`,
      method: 'GET',
      headers: { ...gzip, 'graphql-require-preflight': '1', ...headers },
    })
  const [etag = ''] =
    /"[^"]+"/.exec((await untilHit(get({}))).head.split(/etag: */i)[1] ?? '') ?? []
  const token = await signToken(await anybody(), {
    secret: benchSecret,
    issuer: null,
    audience: null,
  })
  const signed = writeRequest({
    path: '/graphql',
    body,
    headers: { ...gzip, authorization: `Bearer ${token}` },
  })
  const own = { port, cpuUs: app.cpuUs, status: 200 }
  await untilHit(signed)
  const ways: Way[] = [
    await startWay('node:http, fixed buffer', 'fixed', text, plain),
    await startWay('node:http, one Redis read', 'redis-read', text, plain),
    await startWay('Yoga, stock plugin on Redis', 'stock', text, plain),
    { ...own, name: 'Loadline, gzip', request: posted, rounds: [] },
    { ...own, name: 'Loadline, gzip, signed in', request: signed, rounds: [] },
    { ...own, name: 'Loadline, no gzip', request: plain, rounds: [] },
    {
      ...own,
      name: 'Loadline, 304',
      request: get({ 'if-none-match': etag }),
      status: 304,
      rounds: [],
    },
  ]
  for (const way of ways) await check(way, text)
  for (let round = -1; round < rounds; round += 1) {
    for (const way of ways) {
      const measured = await measureRound(way)
      // The first is for the compiler.
      if (round >= 0) way.rounds.push(measured)
    }
  }
  print(text.length, ways)
}

async function measureRound({ name, status, port: to, request, cpuUs }: Way): Promise<Round> {
  const before = await cpuUs()
  const result = await load({ port: to, requests: [request], connections, ms })
  const used = (await cpuUs()) - before
  const failed = status === 200 ? result.failures : result.requests - result.failures
  if (failed > 0)
    process.stderr.write(`${name}: ${failed} of ${result.requests} were not answered ${status}\n`)
  return {
    cpuUs: used / result.requests,
    perSecond: result.requests / result.seconds,
    bytes: result.bytes / result.requests,
  }
}

async function check({ name, port: to, request, status }: Way, text: string): Promise<void> {
  const connection = await open(to)
  const answer = await connection.ask(request)
  connection.close()
  const isGzip = /content-encoding: gzip/i.test(answer.head)
  const got = (isGzip ? gunzipSync(answer.body) : answer.body).toString()
  const isSame =
    status === 304 || JSON.stringify(JSON.parse(got).data) === JSON.stringify(JSON.parse(text).data)
  if (answer.status !== status || !isSame)
    throw new Error(`${name} answered ${answer.head} ${got.slice(0, 200)}`)
}

async function untilHit(request: RawRequest) {
  let last = ''
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const connection = await open(port)
    const answer = await connection.ask(request)
    connection.close()
    if (/loadline; hit/.test(answer.head)) return answer
    last = `${answer.head} ${answer.body.subarray(0, 300)}`
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Nothing is ever a hit: ${last}`)
}

async function anybody(): Promise<string> {
  const { openPostgresql } = await import('../../src/sql/postgresql.ts')
  await using database = await openPostgresql({ url: copy.url, poolSize: 1 })
  const [row] = await database.query({ name: '', text: 'SELECT id::text FROM "User" LIMIT 1' }, [])
  return String(row?.[0])
}

async function startWay(
  name: string,
  kind: HitServerOptions['kind'],
  body: string,
  request: RawRequest,
): Promise<Way> {
  const options: HitServerOptions = { kind, body, redisUrl: redis.url }
  const module = new URL('./hit-servers.ts', import.meta.url).pathname
  const child = fork(module, [JSON.stringify(options)], { execArgv: process.execArgv })
  children.push(child)
  const [origin] = await once(child, 'message')
  return {
    name,
    port: Number(new URL(origin).port),
    request,
    status: 200,
    rounds: [],
    async cpuUs() {
      child.send('cpu')
      const [used] = await once(child, 'message')
      return used
    },
  }
}

function print(bytes: number, ways: readonly Way[]): void {
  const of = (way: Way, pick: (round: Round) => number) => median(way.rounds.map(pick))
  const [fixed, read, stock] = ways
  const ratio = (way: Way, base: Way | undefined, pick: (round: Round) => number) =>
    base ? (of(way, pick) / of(base, pick)).toFixed(2) : ''
  const rows = ways.map((way) => [
    way.name,
    of(way, ({ cpuUs }) => cpuUs).toFixed(0),
    ratio(way, fixed, ({ cpuUs }) => cpuUs),
    ratio(way, read, ({ cpuUs }) => cpuUs),
    of(way, ({ perSecond }) => perSecond).toFixed(0),
    ratio(way, stock, ({ perSecond }) => perSecond),
    of(way, (round) => round.bytes).toFixed(0),
  ])
  const head = ['way', 'CPU us', '/ fixed', '/ read', 'req/s', '/ stock', 'bytes']
  process.stdout.write(`${(bytes / 1_000).toFixed(1)} KB of JSON\n${printTable(head, rows)}\n\n`)
}
