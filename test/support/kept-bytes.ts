import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const runs = 60
const rounds = 5

/**
 * Bytes that each run leaves behind, which only a collection of the whole heap takes away: the least of
 * several rounds, as the engine itself keeps something now and then, as when it compiles.
 *
 * @param run may collect young objects meanwhile, so that what is under way grows old
 */
export async function measureKeptBytes(
  run: (collectYoung: () => void) => unknown,
): Promise<number> {
  setFlagsFromString('--expose-gc')
  // As `npm start` has it: what objects of one place outlived once is no reason to keep those to come.
  setFlagsFromString('--no-allocation-site-pretenuring')
  const collect: (options?: { readonly type: 'minor' }) => void = runInNewContext('gc')
  const collectYoung = () => collect({ type: 'minor' })
  for (let turn = 0; turn < runs; turn += 1) await run(collectYoung)
  collect()
  collect()

  const keptBytes: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    collectYoung()
    collectYoung()
    const before = process.memoryUsage().heapUsed
    for (let turn = 0; turn < runs; turn += 1) {
      await run(collectYoung)
      if (turn % 10 === 9) collectYoung()
    }
    collectYoung()
    collectYoung()
    keptBytes.push((process.memoryUsage().heapUsed - before) / runs)
  }
  return Math.min(...keptBytes)
}
