/** How much dearer than recorded something may be: 0.15 allows 15 %. */
export const tolerances = {
  code: 0.15,
  allocated: 0.15,
  writes: 0.15,
  bytes: 0.15,
  // What else runs beside it changes it by half, another processor too.
  cpu: 0.75,
} as const

export type Measure = keyof typeof tolerances

/** What something costs, by the kind of cost. */
export type Costs = Readonly<Record<string, Readonly<Partial<Record<Measure, number>>>>>

/** What costs too much, each in a sentence that begins with its name. */
export function findExcesses(measured: Costs, recorded: Costs): readonly string[] {
  return Object.entries(measured).flatMap(([name, costs]) =>
    (Object.keys(costs) as Measure[]).flatMap((measure) => {
      const [cost, budget] = [costs[measure] ?? 0, recorded[name]?.[measure]]
      if (budget === undefined) return [`${name}: ${measure} is not recorded: npm run budgets`]
      if (cost <= budget * (1 + tolerances[measure])) return []
      const more = Math.round((cost / budget - 1) * 100)
      return [
        `${name}: ${measure} costs ${more} % more than recorded, ${round(cost)} for ${round(budget)}`,
      ]
    }),
  )
}

export function round(cost: number): number {
  return Number(cost.toPrecision(4))
}
