import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Generates the foreign schema's client and datamodel, unless they are newer than what they come from. */
export function generateCatalogue(): void {
  const sources = ['./schema.prisma', '../../src/command/generate-datamodel.ts'].map(path)
  const made = changedAt(path('./generated/datamodel.ts'))
  if (sources.every((source) => changedAt(source) < made)) return
  const command = ['--import', 'tsx', path('../../scripts/prisma.ts'), 'generate']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...command, '--schema', path('./schema.prisma')],
    { cwd: path('../..'), encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`The foreign schema was not generated:\n${stdout}${stderr}`)
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
