import { runAsAdmin } from '../../support/database-source.ts'
import { type Arena, databaseName, keepWhatIsAcknowledged } from '../harness/arena.ts'
import { nowMs, sleep } from '../harness/clock.ts'

/** So long after it is back, a restored database may still be taken for the one that it replaced. */
const noticeMs = 2_100

const saved = 'saved'
const former = 'former'

/** A copy is made, and some seconds later the database gives way to it: what was written since never was. */
export async function restoreDatabase({ postgresql, audit, note }: Arena): Promise<void> {
  const admin = (statement: string) => runAsAdmin(postgresql.url(), statement)
  await alone(admin, () => admin(`CREATE DATABASE ${saved} TEMPLATE ${databaseName}`))
  await admin(keepWhatIsAcknowledged(saved))
  await audit.reconnect()
  note('the database was copied')
  await sleep(2_500)
  const operation = {
    ...{ name: 'restore', what: 'putting the database back', begunMs: nowMs() },
    ackedMs: Number.POSITIVE_INFINITY,
  }
  await audit.whilePutBack(operation, async () => {
    await alone(admin, async () => {
      await admin(`ALTER DATABASE ${databaseName} RENAME TO ${former}`)
      await admin(`ALTER DATABASE ${saved} RENAME TO ${databaseName}`)
    })
    operation.ackedMs = nowMs() + noticeMs
    await admin(`ALTER DATABASE ${former} ALLOW_CONNECTIONS true`)
    return postgresql.url(former)
  })
  await admin(`DROP DATABASE ${former} WITH (FORCE)`)
  note('the database is back as it was copied')
  await sleep(noticeMs)
}

/** With nobody connected: all who are lose their connection, and nobody gets a new one. */
async function alone(
  admin: (statement: string) => Promise<unknown>,
  work: () => Promise<unknown>,
): Promise<void> {
  await admin(`ALTER DATABASE ${databaseName} ALLOW_CONNECTIONS false`)
  for (let attempt = 0; ; attempt += 1) {
    await admin(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${databaseName}'`,
    )
    try {
      await work()
      break
    } catch (error) {
      if (attempt === 20) throw error
      await sleep(50)
    }
  }
  await admin(`ALTER DATABASE ${databaseName} ALLOW_CONNECTIONS true`)
}
