import { openPglite } from '../../src/sql/pglite.ts'

/**
 * A process for tests: opens the embedded database in the folder that it is given, says so, and
 * writes rows, naming each one that was acknowledged, until it is ended. With `once` it ends at once.
 */
const [dataDir = '', mode] = process.argv.slice(2)

try {
  const database = await openPglite({ dataDir })
  console.log('opened')
  if (mode === 'once') {
    await database[Symbol.asyncDispose]()
    console.log('closed')
  } else {
    await database.query({ name: '', text: 'CREATE TABLE IF NOT EXISTS kept (n int)' }, [])
    for (let n = 0; ; n += 1) {
      await database.query({ name: '', text: 'INSERT INTO kept VALUES ($1)' }, [n])
      console.log(n)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
} catch (error) {
  console.log(String(error))
  process.exitCode = 1
}
