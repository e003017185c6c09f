import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The Prisma command line, also where its native schema engine is not to be had:
 * `npm run prisma -- migrate dev --name add_badges`. Uses the native engine when it is installed,
 * or PRISMA_SCHEMA_ENGINE_BINARY when set, else ours in WebAssembly; never downloads.
 */
const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('./schema-engine/', import.meta.url))
const cli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js')

const usesOwnEngine = !process.env.PRISMA_SCHEMA_ENGINE_BINARY && !findNativeEngine()
const preload = usesOwnEngine ? ['--require', join(folder, 'run-with-node.cjs')] : []
const child = spawn(process.execPath, [...preload, cli, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    // Prisma asks its servers for news otherwise.
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    ...process.env,
    ...(usesOwnEngine ? { PRISMA_SCHEMA_ENGINE_BINARY: join(folder, 'main.ts') } : {}),
  },
})
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0)
})

function findNativeEngine(): boolean {
  const engines = createRequire(require.resolve('prisma/package.json')).resolve(
    '@prisma/engines/package.json',
  )
  return readdirSync(dirname(engines)).some((file) =>
    /^schema-engine-.*(?<!\.gz|\.sha256)$/.test(file),
  )
}
