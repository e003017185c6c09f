import { openAsBlob } from 'node:fs'
import { inject } from 'vitest'
import { signToken } from '../../src/guard/sign-token.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { testSecret } from '../support/start-test-app.ts'
import { createTestDatabase } from '../support/test-databases.ts'
import { type CostWorkloads, createCostWorkloads } from './cost-workloads.ts'
import { fillSchool, people } from './fill-school.ts'
import type { CostPlace } from './measure-costs.ts'
import { servePglite } from './serve-pglite.ts'

/** A school with a hundred of everything, and what is asked of it by its admin. */
export interface OpenCostPlace extends CostPlace, AsyncDisposable {
  readonly workloads: CostWorkloads
}

/** On the run's PostgreSQL, else on PGlite: both are asked over a socket, so that costs are the same. */
export async function openCostPlace(source = inject('databaseSource')): Promise<OpenCostPlace> {
  const served =
    source.kind === 'postgresql'
      ? await createTestDatabase(source)
      : await servePglite(await openAsBlob(source.dumpFile))
  await using database = await openPostgresql({ url: served.url, poolSize: 1 })
  await fillSchool(database, 100)
  await database.query({ name: '', text: 'ANALYZE' }, [])
  return {
    databaseUrl: served.url,
    secret: testSecret,
    token: await signToken(people.admin, { secret: testSecret, issuer: null, audience: null }),
    workloads: await createCostWorkloads(database),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  }
}
