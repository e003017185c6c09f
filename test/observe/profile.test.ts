import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLogger } from '../../src/observe/logger.ts'
import { profileOnSignal } from '../../src/observe/profile-on-signal.ts'
import { patience } from '../support/start-cached-apps.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-profile-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function burnForTheProfile(): number {
  let sum = 0
  for (let turn = 0; turn < 3_000_000; turn += 1) sum += Math.sqrt(turn)
  return sum
}

test('SIGUSR2 writes one profile of bounded length, however often it comes', async () => {
  const lines: string[] = []
  const log = createLogger('warn', { write: (line) => lines.push(line) })
  const profiles = join(folder, 'made')
  using profiler = profileOnSignal({ folder: profiles, log, profileMs: 300 })
  for (let time = 0; time < 3; time += 1) process.kill(process.pid, 'SIGUSR2')
  await vi.waitFor(() => {
    burnForTheProfile()
    expect(lines).toHaveLength(1)
  }, patience)
  const [file = '', ...more] = await readdir(profiles)
  const profile = JSON.parse(await readFile(join(profiles, file), 'utf8'))
  const functions = profile.nodes.map(
    ({ callFrame }: { callFrame: { functionName: string } }) => callFrame.functionName,
  )

  expect(profiler).toBeDefined()
  expect(more).toEqual([])
  expect(file).toMatch(/^loadline-.*\.cpuprofile$/)
  expect(functions).toContain('burnForTheProfile')
  expect(lines[0]).toContain('a CPU profile was written')
})

test('a folder that cannot be written to is told, and nothing else happens', async () => {
  const lines: string[] = []
  const log = createLogger('warn', { write: (line) => lines.push(line) })
  using profiler = profileOnSignal({ folder: '/dev/null/nowhere', log, profileMs: 20 })
  process.kill(process.pid, 'SIGUSR2')

  await vi.waitFor(() => expect(lines.join()).toContain('could not be written'), patience)
  expect(profiler).toBeDefined()
})
