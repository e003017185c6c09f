import pg from 'pg'
import { signForBench } from '../support/bench-secret.ts'
import { type RawRequest, writeRequest } from '../support/http-load.ts'
import { readDocuments } from './documents.ts'
import { createRandom } from './draw.ts'
import { choosePopulation, type Population } from './population.ts'
import { createTrace } from './trace.ts'

/** The mix as it goes over the wire, each client with its token and what it takes. */
export interface MixRequests {
  /** The requests of a trace of its own, the same for the same seed. */
  trace(writeShare: number, seed: number): () => RawRequest
  /** The same with the names of their operations. */
  calls(
    writeShare: number,
    seed: number,
  ): () => { readonly operation: string; readonly request: RawRequest }
  /** The same question of two people, to whom the answers differ. */
  readonly ofTwo: readonly RawRequest[]
}

export async function prepareMix(databaseUrl: string): Promise<MixRequests> {
  const pool = new pg.Pool({ connectionString: databaseUrl })
  const population = await choosePopulation(pool, createRandom(1))
  await pool.end()
  const tokens = await signAll(population)
  const documents = readDocuments()
  const write = (body: object, token: string | undefined) =>
    writeRequest({
      path: '/graphql',
      body: JSON.stringify(body),
      headers: { 'accept-encoding': 'gzip', ...(token && { authorization: `Bearer ${token}` }) },
    })
  const viewers = [...tokens.values()].slice(0, 2)
  const calls: MixRequests['calls'] = (writeShare, seed) => {
    const nextCall = createTrace({ population, writeShare, seed })
    return () => {
      const { operation, variables, viewer } = nextCall()
      const token = viewer === null ? undefined : tokens.get(viewer)
      const query = documents.get(operation)
      return { operation, request: write({ query, operationName: operation, variables }, token) }
    }
  }
  return {
    ofTwo: viewers.map((token) => write({ query: '{ viewer { id } }' }, token)),
    trace(writeShare, seed) {
      const next = calls(writeShare, seed)
      return () => next().request
    },
    calls,
  }
}

async function signAll({ students, teachers, admins }: Population) {
  const tokens = new Map<string, string>()
  for (const { id } of [...students, ...teachers, ...admins]) {
    tokens.set(id, await signForBench(id))
  }
  return tokens
}
