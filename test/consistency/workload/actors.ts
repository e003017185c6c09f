import pg from 'pg'
import type { Arena } from '../harness/arena.ts'
import { markSetting } from '../harness/audit.ts'
import { nowMs, sleep } from '../harness/clock.ts'
import { type Inspector, windowSince } from '../harness/inspector.ts'
import type { Server } from '../harness/servers.ts'
import type { Operation } from '../model/history.ts'
import type { Draw } from './draw-write.ts'
import { documentOf, mutations } from './mutations.ts'
import { outsideWrites } from './outside.ts'
import type { Random } from './random.ts'
import { drawRead } from './reads.ts'

/** What was done beside reading, and how it went. */
export interface Counts {
  reads: number
  /** Reads without a usable answer, by what came instead. */
  readonly failed: Map<string, number>
  readonly writes: Map<string, number>
  readonly refused: Map<string, number>
  /** Mutations whose answer never came. */
  unanswered: number
  /** Mutations that were acknowledged. */
  readonly acknowledged: Operation[]
}

/** Who reads and writes at random, until told to end. */
export interface Actors {
  readonly counts: Counts
  readOnce(random: Random, server?: Server): Promise<void>
  writeOnce(random: Random): Promise<void>
  outsideOnce(random: Random): Promise<void>
}

export interface ActorOptions {
  /** Which questions and writes there are. @default all */
  readonly questions?: readonly string[] | undefined
  readonly writes?: readonly string[] | undefined
  readonly outside?: readonly string[] | undefined
  /** The share of reads by nobody in particular. @default 0.2 */
  readonly anonymousShare?: number
}

export function createActors(
  arena: Arena,
  inspector: Inspector,
  options: ActorOptions = {},
): Actors {
  const { servers, cast, ask, audit } = arena
  const { anonymousShare = 0.2 } = options
  const counts: Counts = {
    ...{ reads: 0, unanswered: 0, acknowledged: [] },
    ...{ failed: new Map(), writes: new Map(), refused: new Map() },
  }
  const drawMutation = weighted(mutations, options.writes)
  const drawOutside = weighted(outsideWrites, options.outside)
  let version = 0

  function pickServer(random: Random): Server | null {
    const up = servers.filter(({ isUp }) => isUp)
    return up.length === 0 ? null : random.pick(up)
  }

  async function readOnce(random: Random, given?: Server) {
    const server = given ?? pickServer(random)
    if (!server) return sleep(50)
    const user = random.chance(anonymousShare) ? null : cast.find(random, 'User')
    const viewerId = user ? String(user.id) : null
    const { name, document, variables } = drawRead(cast, random, options.questions)
    const token = viewerId === null ? null : await arena.tokenOf(viewerId)
    counts.reads += 1
    const startMs = nowMs()
    try {
      const reply = await ask({ origin: server.origin, query: document, variables, token })
      const window = windowSince(startMs)
      const { data, errors, cache } = reply
      const trouble = errors.find(({ extensions }) => !usable.has(extensions?.code ?? ''))
      if (trouble) return count(counts.failed, trouble.extensions?.code ?? trouble.message)
      const answer = { document, variables, viewerId, data, errors }
      inspector.add({ question: name, answer, window, server: server.number, cache })
    } catch (error) {
      count(counts.failed, codeOf(error))
      // Who has lost a server does not ask it a thousand times a second.
      await sleep(20)
    }
  }

  function begin(what: string): Operation {
    const operation = { what, begunMs: nowMs(), ackedMs: Number.POSITIVE_INFINITY }
    return { ...operation, name: `operation-${version}-${crypto.randomUUID().slice(0, 8)}` }
  }

  async function writeOnce(random: Random) {
    const server = pickServer(random)
    if (!server) return sleep(50)
    const draw: Draw = { cast, random, version: ++version }
    const drawn = drawMutation(random)
    const write = drawn?.make(draw)
    if (!drawn || !write) return
    const { viewerId, input } = write
    const token = await arena.tokenOf(viewerId)
    const operation = begin(`${drawn.name} by ${viewerId} on server ${server.number}`)
    audit.expect(operation)
    try {
      const reply = await ask({
        ...{ origin: server.origin, query: documentOf(drawn.name), token },
        variables: { input: { ...input, idempotencyKey: operation.name } },
      })
      if (reply.errors.length === 0) {
        operation.ackedMs = nowMs() + arena.graceMs
        counts.acknowledged.push(operation)
        count(counts.writes, drawn.name)
      } else {
        audit.acknowledgeLater(operation)
        count(counts.refused, `${drawn.name} ${reply.errors[0]?.extensions?.code}`)
      }
    } catch {
      counts.unanswered += 1
      audit.acknowledgeLater(operation)
    }
  }

  async function outsideOnce(random: Random) {
    const drawn = drawOutside(random)
    const sql = drawn?.make({ cast, random, version: ++version })
    if (!drawn || !sql) return
    const operation = begin(`${drawn.name} from outside`)
    audit.expect(operation)
    audit.acknowledgeLater(operation)
    const client = new pg.Client({ connectionString: arena.databaseUrl })
    client.on('error', () => {}) // Told by the query.
    try {
      await client.connect()
      await client.query(
        `BEGIN; SELECT set_config('${markSetting}', '${operation.name}', true); ${sql}; COMMIT`,
      )
      count(counts.writes, drawn.name)
    } catch (error) {
      count(counts.refused, `${drawn.name} ${codeOf(error)}`)
    } finally {
      await client.end().catch(() => {}) // It may have been lost before.
    }
  }

  return { counts, readOnce, writeOnce, outsideOnce }
}

/** What may stand in an answer that is checked like any other. */
const usable = new Set(['FORBIDDEN', 'UNAUTHENTICATED'])

function weighted<Make>(
  all: Readonly<Record<string, readonly [weight: number, Make]>>,
  only: readonly string[] | undefined,
): (random: Random) => { readonly name: string; readonly make: Make } | null {
  const chosen = Object.entries(all).flatMap(([name, [weight, make]]) =>
    only === undefined || only.includes(name)
      ? Array.from({ length: weight }, () => ({ name, make }))
      : [],
  )
  return (random) => (chosen.length === 0 ? null : random.pick(chosen))
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string } // an Error of Node or pg
  return code ?? message ?? String(error)
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
