import { execFile } from 'node:child_process'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Writes the package to `dist`, ready for `npm pack ./dist`: the compiled SDK and the compiled library
 * with their declarations, and a package.json that installs nothing of the server with the SDK.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = process.argv[2] ?? join(root, 'dist')

/** What the library imports: the application's own, as graphql and Prisma must be there once only. */
const serverPackages = [
  '@electric-sql/pglite',
  '@pothos/core',
  '@prisma/adapter-pg',
  '@prisma/client-runtime-utils',
  '@prisma/driver-adapter-utils',
  '@prisma/generator-helper',
  '@prisma/schema-engine-wasm',
  'dataloader',
  'graphql',
  'graphql-yoga',
  'ioredis',
  'lru-cache',
  'pg',
  'pg-protocol',
  'pglite-prisma-adapter',
  'postgres-array',
]

await rm(outDir, { recursive: true, force: true })
await compile('tsconfig.sdk.json', join(outDir, 'sdk'))
await compile('tsconfig.library.json', join(outDir, 'server'))

const manifest = 'generated/persisted-documents.json'
await copyFile(join(root, 'src/sdk', manifest), join(outDir, 'sdk', manifest))
for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(root, file), join(outDir, file))
await copyFile(join(root, 'docs/sdk.md'), join(outDir, 'README.md'))
await copyFile(join(root, 'docs/library.md'), join(outDir, 'library.md'))
await writeFile(
  join(outDir, 'package.json'),
  `${JSON.stringify(await describePackage(), null, 2)}\n`,
)

async function compile(project: string, folder: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const options = ['-p', join(root, project), '--outDir', folder]
  await promisify(execFile)(process.execPath, [tsc, ...options])
  await renameImports(folder)
}

/** The compiler renames what code imports, but not what declarations do. */
async function renameImports(folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue
    const text = await readFile(join(folder, file), 'utf8')
    const renamed = text.replaceAll(
      /((?:from |import\()(['"])\.{1,2}\/(?:(?!\2).)+)\.ts\2/g,
      '$1.js$2',
    )
    await writeFile(join(folder, file), renamed)
  }
}

async function describePackage(): Promise<object> {
  const whole = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const types = '@graphql-typed-document-node/core'
  const versions = { ...whole.devDependencies, ...whole.dependencies }
  return {
    name: whole.name,
    version: whole.version,
    description: whole.description,
    license: whole.license,
    type: whole.type,
    sideEffects: false,
    engines: whole.engines,
    exports: JSON.parse(JSON.stringify(whole.exports).replaceAll('./dist/', './')),
    bin: JSON.parse(JSON.stringify(whole.bin).replaceAll('./dist/', './')),
    // Only declarations name it; nothing of it is ever loaded.
    dependencies: { [types]: whole.dependencies[types] },
    // Optional, so that who installs the package for its SDK is given none of them.
    peerDependencies: Object.fromEntries(
      serverPackages.map((name) => [name, rangeFrom(versions[name])]),
    ),
    peerDependenciesMeta: Object.fromEntries(
      serverPackages.map((name) => [name, { optional: true }]),
    ),
  }
}

/** A build of Prisma's engine is right for its own version alone. */
function rangeFrom(version: string): string {
  return version.includes('-') ? version : `^${version}`
}
