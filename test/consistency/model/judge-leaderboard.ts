import { type Bench, brief, read } from './bench.ts'
import type { Asked } from './document.ts'
import { fields } from './fields.ts'
import { no, yes } from './kleene.ts'
import type { Args } from './lists.ts'

/**
 * The leaderboard names people without an id, so each name is looked up among all that somebody ever
 * had: names are never given twice.
 */
export function judgeLeaderboard(
  { view, report }: Bench,
  at: {
    readonly field: Asked
    readonly path: string
    readonly value: unknown
    readonly args: Args
  },
): void {
  const { path, value, args } = at
  const nodes = read(value, 'nodes') as readonly unknown[] // a list by the schema
  const seen = new Set<string>()
  let before = Number.POSITIVE_INFINITY
  for (const [place, node] of nodes.entries()) {
    const name = String(read(node, 'name'))
    const credits = Number(read(node, 'credits'))
    const nodePath = `${path}.nodes.${place}`
    const owners = view.related('User', 'name', name)
    const owner = owners.find((id) => isListed(id) !== no)
    const rows = owners.map((id) => `User:${id}`)
    const isNamed = owner && view.possible('User', owner).some((user) => user?.name === name)
    if (!owner || !isNamed) {
      report({ path: nodePath, expected: 'another name, or none', got: brief(name), rows })
      continue
    }
    seen.add(owner)
    const spec = fields['User.creditBalance']
    const possible = spec?.kind === 'figure' ? spec.possible({ view, id: owner, args: {} }) : null
    if (!possible?.has(credits)) {
      report({ path: nodePath, expected: possible?.words ?? '', got: `${credits}`, rows })
    }
    // Credits that changed between the statement for the order and that for the sums prove nothing.
    if (!possible?.isCertain) continue
    if (credits > before)
      report({ path: nodePath, expected: 'fewer credits', got: `${credits}`, rows })
    before = credits
  }
  if (nodes.length >= Number(args.first ?? 20)) return
  const missing = [...view.ids('User')].filter((id) => !seen.has(id) && isListed(id) === yes)
  if (missing.length > 0) {
    const rows = missing.map((id) => `User:${id}`)
    report({ path, expected: `${brief(missing)} to be there`, got: 'not', rows })
  }

  function isListed(id: string) {
    const isThere = view.one('User', id, () => yes)
    return isThere === no ? no : view.some('CreditEntry', 'userId', id, () => isThere)
  }
}
