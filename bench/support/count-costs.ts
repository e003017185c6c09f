import type { Peer, Place } from '../peers/peers.ts'
import { type Asked, type Contestant, startContestant } from './contestant.ts'
import { countTraffic } from './count-traffic.ts'
import { open, readJson } from './http-load.ts'
import { findDifference } from './same-answer.ts'

/** What one request costs, counted and not timed. */
export interface CountedCost {
  readonly statements: number
  readonly rows: number
  /** Of the answer, with its head. */
  readonly bytes: number
}

const compared = 5

/**
 * What each request of a workload asks of the database, with the server started for that alone.
 *
 * @throws Error when one of them answers something else than the first, which is Loadline
 */
export async function countCosts(
  asked: Asked,
  peers: readonly Peer[],
  placeOf: (peer: Peer) => Place,
): Promise<ReadonlyMap<string, CountedCost>> {
  // All at once: to start takes longer than to count.
  const all = await Promise.all(
    peers.map(async (peer) => {
      const place = placeOf(peer)
      await using traffic = await countTraffic(place.databaseUrl)
      const counted = { ...place, databaseUrl: traffic.url }
      await using contestant = await startContestant(peer, asked, counted)
      const answers = await ask(contestant, asked)
      return { peer, answers, cost: await count(contestant, traffic) }
    }),
  )
  for (const { peer, answers } of all) {
    const difference = findDifference(all[0]?.answers, answers)
    if (difference) throw new Error(`${peer.name} answers ${asked.name} otherwise: ${difference}`)
  }
  return new Map(all.map(({ peer, cost }) => [peer.name, cost]))
}

async function ask({ peer, server, next }: Contestant, { name, workload, variables }: Asked) {
  const connection = await open(server.port)
  const answers: unknown[] = []
  const count = Math.min(compared, variables.length)
  for (let turn = 0; turn < count; turn += 1) {
    const { data, errors } = readJson(await connection.ask(next())) as {
      data: never
      errors?: unknown
    } // by GraphQL
    if (errors) throw new Error(`${peer.name}, ${name}: ${JSON.stringify(errors).slice(0, 500)}`)
    answers.push(peer.read ? peer.read(workload, data) : data)
  }
  connection.close()
  return answers
}

async function count(
  { server, next }: Contestant,
  traffic: { read(): { readonly statements: number; readonly rows: number } },
): Promise<CountedCost> {
  const connection = await open(server.port)
  const before = traffic.read()
  let bytes = 0
  const times = 10
  for (let turn = 0; turn < times; turn += 1) bytes += (await connection.ask(next())).length
  const after = traffic.read()
  connection.close()
  return {
    statements: (after.statements - before.statements) / times,
    rows: (after.rows - before.rows) / times,
    bytes: bytes / times,
  }
}
