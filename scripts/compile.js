import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, version } from 'esbuild'

/**
 * Writes the server as JavaScript to `dist/app`, with its folders as they are here, for `npm start`: a
 * process that loads TypeScript has 70 MB more, for the thread that compiles it and the maps of all
 * files. What was written from the same files is left as it is, so that several processes may start
 * at a time.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = join(root, 'dist/app')
const folders = ['src', 'prisma']

/** Each file for itself: what it imports is loaded when it runs. */
const keepImports = {
  name: 'keep-imports',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.replace(/^(\..*)\.ts$/, '$1.js'), external: true },
    )
  },
}

const files = await listFiles()
const name = await digestOf(files)
const main = join(outDir, 'main.js')
const entry = `import './${name}/src/main.js'\n`
if ((await readFile(main, 'utf8').catch(() => null)) !== entry) await compile()

async function compile() {
  const made = `${outDir}-${process.pid}`
  await build({
    entryPoints: files.filter((file) => file.endsWith('.ts')).map((file) => join(root, file)),
    outdir: made,
    outbase: root,
    bundle: true,
    plugins: [keepImports],
    platform: 'node',
    target: `node${process.versions.node}`,
    format: 'esm',
    // Read by debuggers and by `--enable-source-maps`.
    sourcemap: 'linked',
    logLevel: 'warning',
  })
  for (const file of files) {
    if (!file.endsWith('.ts')) await cp(join(root, file), join(made, file))
  }
  await writeFile(`${made}.js`, entry)
  await mkdir(outDir, { recursive: true })
  // Whoever is faster makes the same; nobody ever sees the half of it.
  await rename(made, join(outDir, name)).catch(() => rm(made, { recursive: true }))
  await rename(`${made}.js`, main)
  for (const other of await readdir(outDir)) {
    if (other !== name && other !== 'main.js')
      await rm(join(outDir, other), { recursive: true, force: true })
  }
}

/** Of all that decides what is written. */
async function digestOf(files) {
  const hash = createHash('sha256').update(JSON.stringify([version, process.versions.node]))
  for (const file of [...files, 'scripts/compile.js']) {
    const { mtimeMs, size } = await stat(join(root, file))
    hash.update(JSON.stringify([file, mtimeMs, size]))
  }
  return hash.digest('hex').slice(0, 16)
}

async function listFiles() {
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    }),
  )
  return listed.flat().sort()
}
