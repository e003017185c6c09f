import type { History, Row, Version } from '../model/history.ts'
import type { Arena } from './arena.ts'
import type { Violation } from './inspector.ts'
import type { RunResult } from './run.ts'

/** A short history that explains a violation: who wrote what when, who read what when. */
export function renderViolation(
  violation: Violation,
  arena: Pick<Arena, 'history' | 'notes'>,
): string {
  const { kind, behindMs, observation, faults } = violation
  const { question, answer, window, server, cache } = observation
  const at = (ms: number) => since(ms, window.startMs)
  const reader =
    answer.viewerId === null ? 'nobody' : describeViewer(arena.history, answer.viewerId)
  const shown = faults.slice(0, 4)
  const rows = [...new Set(shown.flatMap((fault) => fault.rows.slice(0, 4)))].slice(0, 6)
  return [
    `${kind.toUpperCase()}: ${question} ${JSON.stringify(answer.variables)} asked by ${reader} of server ${server}`,
    `  from 0 to ${at(window.endMs)}, cache ${JSON.stringify(cache)}${behindMs === null ? '' : `, right at most ${behindMs} ms earlier`}`,
    ...shown.map(({ path, expected, got }) => `  ${path}: expected ${expected}, got ${got}`),
    ...(faults.length > shown.length ? [`  and ${faults.length - shown.length} more`] : []),
    ...rows.flatMap((row) => renderRow(arena.history, row, at)),
    ...arena.notes
      .filter(({ atMs }) => atMs > window.startMs - 20_000 && atMs < window.endMs)
      .slice(-8)
      .map(({ atMs, event }) => `  ${at(atMs)} ${event}`),
  ].join('\n')
}

function renderRow(history: History, row: string, at: (ms: number) => string): readonly string[] {
  const [model = '', id = ''] = row.split(':')
  const versions = history.versions(model, id)
  return [
    `  ${row}`,
    ...versions.slice(-5).map((version) => {
      const before = versions[versions.indexOf(version) - 1]
      const { what, begunMs, ackedMs } = version.operation
      const acked = Number.isFinite(ackedMs) ? `acknowledged ${at(ackedMs)}` : 'not acknowledged'
      return `    ${describeChange(before, version)} by ${what}, begun ${at(begunMs)}, ${acked}`
    }),
  ]
}

function describeChange(before: Version | undefined, { row }: Version): string {
  if (row === null) return 'gone'
  const changed = Object.entries(row).filter(
    ([column, value]) =>
      column !== 'updatedAt' && JSON.stringify(value) !== JSON.stringify(before?.row?.[column]),
  )
  return JSON.stringify(Object.fromEntries(changed)).slice(0, 240)
}

function describeViewer(history: History, id: string): string {
  const row: Row | null | undefined = history.versions('User', id).at(-1)?.row
  return `${row?.role ?? 'somebody gone'} ${id}`
}

function since(ms: number, startMs: number): string {
  if (ms === 0) return 'at the beginning'
  const differenceMs = ms - startMs
  return `${differenceMs < 0 ? '' : '+'}${differenceMs.toFixed(1)} ms`
}

/** What was checked and what was found, for the end of a run. */
export function renderSummary(
  result: RunResult,
  { seed, slowestOutsideMs }: { readonly seed: number; readonly slowestOutsideMs: number },
): string {
  const { checked, violations, lost, counts, outcomes, seconds } = result
  const stale = violations.filter(({ kind }) => kind === 'stale')
  const acknowledged = [...counts.writes.values()].reduce((sum, count) => sum + count, 0)
  const worst = Math.max(0, ...stale.map(({ behindMs }) => behindMs ?? 0))
  return [
    `answers: ${list(outcomes)}`,
    `writes: ${list(counts.writes)}`,
    `refused: ${list(counts.refused)}`,
    `without an answer: ${counts.unanswered} mutations; reads: ${list(counts.failed)}`,
    `a write from outside was announced after ${slowestOutsideMs.toFixed(0)} ms at most`,
    `${checked} reads checked and ${acknowledged} writes made in ${seconds.toFixed(0)} s, seed ${seed}: ` +
      `${stale.length} stale${worst > 0 ? ` (by up to ${worst} ms)` : ''}, ` +
      `${violations.length - stale.length} foreign, ${lost.length} lost`,
  ].join('\n')
}

function list(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return sorted.map(([name, count]) => `${count} ${name}`).join(', ') || 'none'
}
