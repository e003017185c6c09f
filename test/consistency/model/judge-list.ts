import { type Bench, brief, read } from './bench.ts'
import type { Asked } from './document.ts'
import { no, yes } from './kleene.ts'
import { type Args, compareKeys, type ListSpec, type Member, membersOf, rawId } from './lists.ts'

interface Connection {
  readonly id: string
  readonly field: Asked
  readonly path: string
  readonly value: unknown
  readonly args: Args
}

/**
 * A page of a list: who is on it may be in the list, in an order that is possible; who surely is in
 * it and surely stands before its end is on it; and the number of all may be that many.
 */
export function judgeConnection(bench: Bench, spec: ListSpec, at: Connection): void {
  const { view, report } = bench
  const { id, field, path, value, args } = at
  const all = membersOf(spec, view, { parentId: id, args })
  const asked = field.selections('Connection')
  const rowsOf = (members: readonly Member[]) => members.map((one) => `${spec.model}:${one.id}`)

  const counted = asked.find(({ name }) => name === 'totalCount')
  if (counted) {
    const count = Number(read(value, counted.alias))
    const least = all.filter(({ isIn }) => isIn === yes).length
    const most = all.filter(({ isIn }) => isIn !== no).length
    if (count < least || count > most) {
      const expected = least === most ? `${least}` : `${least} to ${most}`
      report({ path: `${path}.totalCount`, expected, got: `${count}`, rows: rowsOf(all) })
    }
  }

  const listed = asked.find(({ name }) => name === 'nodes')
  if (!listed) return
  const nodes = read(value, listed.alias) as readonly unknown[] // a list by the schema
  const byId = new Map(all.map((member) => [member.id, member]))
  const page: Member[] = []
  for (const [place, node] of nodes.entries()) {
    const nodeId = rawId(read(node, 'id'))
    const nodePath = `${path}.${listed.alias}.${place}`
    const member = byId.get(nodeId)
    if (!member || member.isIn === no || page.includes(member)) {
      const expected = member && page.includes(member) ? 'each once' : 'not to be in the list'
      report({ path: nodePath, expected, got: nodeId, rows: [`${spec.model}:${nodeId}`] })
      continue
    }
    const before = page.at(-1)
    page.push(member)
    const { isDescending } = spec.order(args)
    if (before && isSurelyBefore(member, before, isDescending)) {
      const about = rowsOf([before, member])
      report({ path: nodePath, expected: `after ${before.id}`, got: 'before it', rows: about })
    }
    bench.object(spec.model, nodeId, {
      ...{ asked: listed.selections(spec.model), value: node, path: nodePath },
    })
  }
  const missing = missingFrom(page, all, Number(args.first ?? 20), spec.order(args).isDescending)
  if (missing.length > 0) {
    const got = brief(page.map((one) => one.id.slice(-6)))
    const expected = `${brief(missing.map((one) => one.id.slice(-6)))} to be there`
    report({ path: `${path}.${listed.alias}`, expected, got, rows: rowsOf(missing) })
  }
}

function missingFrom(
  page: readonly Member[],
  all: readonly Member[],
  first: number,
  isDescending: boolean | undefined,
): readonly Member[] {
  const last = page.at(-1)
  const isFull = page.length >= first
  return all.filter(
    (member) =>
      member.isIn === yes &&
      !page.includes(member) &&
      (!isFull || (last !== undefined && isSurelyBefore(member, last, isDescending))),
  )
}

/** Whether `a` stands before `b` whatever their keys are. */
function isSurelyBefore(a: Member, b: Member, isDescending = false): boolean {
  return isDescending ? compareKeys(a.least, b.most) > 0 : compareKeys(a.most, b.least) < 0
}
