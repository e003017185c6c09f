import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import {
  type CleanFolder,
  installPackage,
  listPackages,
  projectFolder,
} from '../support/install-package.ts'
import { type StartedProcess, startProcess } from '../support/start-process.ts'

export interface Tracker extends CleanFolder {
  /** Runs a command that packages brought along; gives what it printed, also when it failed. */
  run(command: string, args: readonly string[]): Promise<string>
  start(env?: Readonly<Record<string, string>>): Promise<StartedTracker>
}

export interface StartedTracker extends StartedProcess {
  readonly url: string
}

/** The example as somebody has it who installed the package from its tarball and generated the code. */
export async function installTracker(): Promise<Tracker> {
  const folder = await installPackage(await listPackages(join(projectFolder, 'node_modules')))
  const { path } = folder
  await cp(join(projectFolder, 'examples/library'), path, {
    recursive: true,
    filter: (source) => !/\/(node_modules|generated|\.data.*)$/.test(source),
  })
  await linkCommands(path)
  const tracker = { ...folder, run, start }
  await run('prisma', ['generate'])
  return tracker

  async function run(command: string, args: readonly string[]): Promise<string> {
    const bin = join(path, 'node_modules/.bin')
    const { stdout, stderr } = await promisify(execFile)(join(bin, command), args, {
      cwd: path,
      env: {
        PATH: `${bin}${delimiter}${process.env.PATH}`,
        CHECKPOINT_DISABLE: '1',
        // Any program does, as nothing is asked of it: without one Prisma would look for its own.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      },
    }).catch((error: { stdout: string; stderr: string }) => error)
    return `${stdout}${stderr}`
  }

  async function start(env: Readonly<Record<string, string>> = {}): Promise<StartedTracker> {
    const started = startProcess(join(path, 'src/server.ts'), {
      cwd: path,
      env: { PORT: '0', ...env },
    })
    const url = await Promise.race([
      started.printed(/http:\S+/),
      started.exited.then((code) => {
        throw new Error(`The tracker ended with ${code}: ${started.output.stderr}`)
      }),
    ])
    return { ...started, url }
  }
}

/** As npm does for what a package.json names under `bin`. */
async function linkCommands(path: string): Promise<void> {
  const bin = join(path, 'node_modules/.bin')
  await mkdir(bin)
  for (const [name, file] of [
    ['loadline', '../loadline/server/command/main.js'],
    ['prisma', '../prisma/build/index.js'],
    ['tsx', '../tsx/dist/cli.mjs'],
  ] as const) {
    await symlink(file, join(bin, name))
    await chmod(join(bin, name), 0o755)
  }
}
