import type { Usage } from './cost-server.ts'
import type { CostWorkloads } from './cost-workloads.ts'
import { startCostServer } from './start-cost-server.ts'

/** What one request costs the process that answers it. */
export interface Cost {
  /** Thousands of characters of code that are run. */
  readonly code: number
  /** Kilobytes that are allocated. */
  readonly allocated: number
  /** Writes to sockets: to the database and to the client. */
  readonly writes: number
  /** CPU, in requests of the reference (`reference.ts`). */
  readonly cpu: number
}

export type CountedCost = Omit<Cost, 'cpu'>

/** Where costs are measured, and whose requests they are. */
export interface CostPlace {
  readonly databaseUrl: string
  readonly secret: string
  readonly token: string
}

/** What is counted by workload: the same whenever and wherever, but for a few percent. */
export async function countCosts(
  place: CostPlace,
  workloads: CostWorkloads,
): Promise<Readonly<Record<string, CountedCost>>> {
  await using server = await startCostServer({ ...place, countsCode: true })
  const costs: Record<string, CountedCost> = {}
  for (const [name, workload] of Object.entries(workloads)) {
    const requests = server.requestsOf(workload)
    await repeat(4, () => server.send(requests))
    const slices = await repeat(5, () => server.measure(requests))
    costs[name] = {
      code: least(slices.map(({ code }) => code / 1_000)),
      allocated: least(slices.filter(isUncollected).map(({ heapBytes }) => heapBytes / 1_024)),
      // Now and then two go out together, or one by the way: whole ones, as many as there may be.
      writes: Math.ceil(Math.max(...slices.map(({ writes }) => writes)) - 0.1),
    }
  }
  return costs
}

/**
 * CPU by workload, which is never the same twice: every slice is compared with those of the reference
 * before and after it, and the lower quartile of all ratios is what remains of a busy machine.
 */
export async function compareCpu(
  place: CostPlace,
  workloads: CostWorkloads,
): Promise<Readonly<Record<string, number>>> {
  await using server = await startCostServer({ ...place, countsCode: false })
  const ratios: Record<string, number> = {}
  for (const [name, workload] of Object.entries(workloads)) {
    const own = server.requestsOf(workload)
    const reference = server.referenceOf(workload)
    await repeat(10, async () => {
      await server.send(own)
      await server.send(reference)
    })
    let before = await server.measure(reference)
    const found = await repeat(16, async () => {
      const { cpuUs } = await server.measure(own)
      const after = await server.measure(reference)
      const around = (before.cpuUs + after.cpuUs) / 2
      before = after
      return cpuUs / around
    })
    ratios[name] = quantile(found, 0.25)
  }
  return ratios
}

function isUncollected({ collections }: Usage): boolean {
  return collections === 0
}

async function repeat<T>(times: number, run: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  while (results.length < times) results.push(await run())
  return results
}

/** What else goes on in the process only adds to what is counted. */
function least(values: readonly number[]): number {
  return quantile(values, 0.25)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  const found = sorted[Math.floor(sorted.length * share)]
  if (found === undefined) throw new RangeError('Nothing was measured')
  return found
}
