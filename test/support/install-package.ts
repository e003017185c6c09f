import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

export interface CleanFolder extends AsyncDisposable {
  readonly path: string
}

/**
 * A folder where the package is installed as its users would have it, from the tarball, `beside`
 * packages given by their folders, and nothing else is.
 */
export async function installPackage(beside: readonly string[]): Promise<CleanFolder> {
  const path = await mkdtemp(join(tmpdir(), 'loadline-package-'))
  const dist = join(path, 'dist')
  await run(process.execPath, ['--import', 'tsx', 'scripts/build-package.ts', dist], {
    cwd: projectFolder,
  })
  await run('npm', ['pack', dist, '--pack-destination', path], { cwd: path })
  const [tarball = ''] = (await readdir(path)).filter((file) => file.endsWith('.tgz'))
  await rm(dist, { recursive: true })
  const installed = join(path, 'node_modules/loadline')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', join(path, tarball), '--strip-components=1', '-C', installed])
  for (const name of beside) await linkPackage(name, path)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The folders of all packages in a `node_modules`, but for this one. */
export async function listPackages(installed: string): Promise<readonly string[]> {
  const names = await readdir(installed)
  const scoped = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) =>
        name.startsWith('@')
          ? (await readdir(join(installed, name))).map((part) => join(installed, name, part))
          : [join(installed, name)],
      ),
  )
  return scoped.flat().filter((path) => !path.endsWith('/loadline'))
}

async function linkPackage(folder: string, path: string): Promise<void> {
  const [, name = ''] = folder.split('node_modules/')
  const target = join(path, 'node_modules', name)
  await mkdir(dirname(target), { recursive: true })
  await symlink(folder, target)
}

/** Runs the compiler of this project in a folder; gives what it has to say. */
export async function compile(folder: string, args: readonly string[] = []): Promise<string> {
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  )
  return stdout
}
