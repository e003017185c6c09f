import { execFile } from 'node:child_process'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Writes the package that clients install to `dist`, ready for `npm pack ./dist`: the compiled SDK
 * with its declarations, and a package.json that asks for none of the server's dependencies.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = process.argv[2] ?? join(root, 'dist')

await rm(outDir, { recursive: true, force: true })
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const project = ['-p', join(root, 'tsconfig.sdk.json'), '--outDir', join(outDir, 'sdk')]
await promisify(execFile)(process.execPath, [tsc, ...project])
await renameImports(join(outDir, 'sdk'))

const manifest = 'generated/persisted-documents.json'
await copyFile(join(root, 'src/sdk', manifest), join(outDir, 'sdk', manifest))
for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(root, file), join(outDir, file))
await copyFile(join(root, 'docs/sdk.md'), join(outDir, 'README.md'))
await writeFile(
  join(outDir, 'package.json'),
  `${JSON.stringify(await describePackage(), null, 2)}\n`,
)

/** The compiler renames what code imports, but not what declarations do. */
async function renameImports(folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue
    const text = await readFile(join(folder, file), 'utf8')
    await writeFile(join(folder, file), text.replaceAll(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"))
  }
}

async function describePackage(): Promise<object> {
  const whole = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const types = '@graphql-typed-document-node/core'
  return {
    name: whole.name,
    version: whole.version,
    description: 'The typed client of a Loadline endpoint.',
    license: whole.license,
    type: whole.type,
    sideEffects: false,
    engines: whole.engines,
    exports: JSON.parse(JSON.stringify(whole.exports).replaceAll('./dist/', './')),
    // Only declarations name it; nothing of it is ever loaded.
    dependencies: { [types]: whole.dependencies[types] },
  }
}
