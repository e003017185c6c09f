import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

test('the command seeds the embedded database once, and the second time says what to do', {
  timeout: 90_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-seed-'))
  try {
    const first = await runSeed(folder, ['--size', 'demo', '--seed', '4'])
    expect(first.errors).toBe('')
    expect(first.output).toMatch(/^Seeding PGlite in .* \(demo, seed number 4\)\n/)
    expect(first.output).toMatch(/\n100 % {2}(\d+) of \1 rows/)
    expect(first.code).toBe(0)

    const second = await runSeed(folder, ['--size', 'demo'])
    expect(second.code).toBe(1)
    expect(second.errors).toBe(
      'the database has users already; seed an empty one, or pass --force to delete all its rows first\n',
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test.each([
  [['--size', 'huge'], '--size must be one of them, got "huge"'],
  [['--size', 'demo', '--seed', '1.5'], '--seed must be a whole number'],
  [['--sizes', 'demo'], "Unknown option '--sizes'"],
])('%j is refused before any database is opened', async (args, message) => {
  const { code, errors } = await runSeed('/dev/null', args)

  expect(code).toBe(1)
  expect(errors).toContain(message)
  expect(errors).toContain('--size demo|bench|large')
})

async function runSeed(folder: string, args: readonly string[]) {
  const { DATABASE_URL: _, DIRECT_DATABASE_URL: __, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/seed.ts', ...args], {
    env: { ...env, LOADLINE_DATA_DIR: folder },
  })
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { output, errors, code }
}
