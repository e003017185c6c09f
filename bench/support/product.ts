import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
execFileSync(process.execPath, ['scripts/compile.js'], { cwd: root, stdio: 'inherit' })

const { scripts }: { scripts: { start: string } } = JSON.parse(
  readFileSync(`${root}/package.json`, 'utf8'),
)

/** The server as `npm start` runs it. */
export const product = {
  script: 'dist/app/main.js',
  cwd: root,
  flags: scripts.start.match(/--\S+/g) ?? [],
}
