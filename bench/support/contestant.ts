import type { Peer, Place } from '../peers/peers.ts'
import type { Rows, Variables, Workload } from '../workloads/workload.ts'
import {
  type Connection,
  open,
  type RawAnswer,
  type RawRequest,
  writeRequest,
} from './http-load.ts'
import type { ServerProcess } from './server-process.ts'

/** A workload with its name and what is drawn for it. */
export interface Asked {
  readonly name: string
  readonly workload: Workload
  readonly variables: readonly Variables[]
}

/** A peer that is up, with all that it is sent. */
export interface Contestant extends AsyncDisposable {
  readonly peer: Peer
  readonly server: ServerProcess
  /** The requests in turn. */
  next(): RawRequest
  isHit(answer: RawAnswer): boolean
}

export function drawFor(name: string, workload: Workload, rows: Rows): Asked {
  return { name, workload, variables: workload.draw(rows) }
}

/** Starts a peer; where answers are kept, it has kept this one when the promise resolves. */
export async function startContestant(peer: Peer, asked: Asked, place: Place): Promise<Contestant> {
  const server = await peer.start(place)
  const { workload, variables } = asked
  const write = async (one: Variables) =>
    writeRequest({
      path: peer.path,
      body: JSON.stringify(peer.write(asked.name, workload, one)),
      headers: {
        ...(workload.acceptEncoding && { 'accept-encoding': workload.acceptEncoding }),
        ...(await peer.headers?.(one)),
      },
    })
  const written = await Promise.all(variables.map(write))
  const headers = (await peer.headers?.(variables[0] ?? {})) ?? {}
  let turn = 0
  const contestant: Contestant = {
    peer,
    server,
    next() {
      const index = turn++ % variables.length
      const one = variables[index]
      if (!workload.isFresh || !one) return written[index] as RawRequest // one for each
      const body = JSON.stringify(peer.write(asked.name, workload, one))
      return writeRequest({ path: peer.path, body, headers })
    },
    isHit: ({ head }) => workload.kind !== 'hits' || (peer.hitHead?.test(head) ?? true),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  if (workload.kind === 'hits') await untilHit(contestant)
  return contestant
}

async function untilHit({ server, next, isHit, peer }: Contestant): Promise<void> {
  const connection: Connection = await open(server.port)
  try {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const answer = await connection.ask(next())
      // The second one is from what the first has left.
      if (attempt > 0 && isHit(answer)) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    connection.close()
  }
  throw new Error(`${peer.name} keeps no answer`)
}
