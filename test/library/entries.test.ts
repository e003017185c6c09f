import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSourceFiles, type SourceFile } from '../support/source-files.ts'

const { exports, bin } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
)
const sources = new Map(readSourceFiles(['src']).map((source) => [source.path, source]))
const entries = [...sources.keys()].filter((path) => path.startsWith('src/library/'))
const command = 'src/command/main.ts'

/** What a file imports, and what that imports: all of it, or what is loaded with it. */
function reach(path: string, follows: (of: SourceFile['imports'][number]) => boolean): Set<string> {
  const reached = new Set<string>()
  const visit = (from: string) => {
    if (reached.has(from)) return
    reached.add(from)
    for (const one of sources.get(from)?.imports ?? []) if (follows(one)) visit(one.from)
  }
  visit(path)
  return reached
}

describe('the library', () => {
  test('has an export for each entry, and an entry for each export', () => {
    const exported = Object.values<{ default?: string }>(exports).flatMap(
      ({ default: file }) => file?.match(/^\.\/dist\/server\/(.*)\.js$/)?.[1] ?? [],
    )

    expect(exported.map((path) => `src/${path}.ts`).sort()).toEqual(entries.sort())
    expect(bin).toEqual({ loadline: './dist/server/command/main.js' })
  })

  test.for([...entries, command])('%s reaches nothing of the domain, not even a type', (path) => {
    const reached = [...reach(path, () => true)]
    const files = reached.filter((one) => one.startsWith('src/'))

    expect(files.filter((one) => !sources.has(one))).toEqual([])
    expect(files.filter((one) => /^src\/(schema|generated|sdk|[\w-]+\.ts$)/.test(one))).toEqual(
      files.filter((one) => one === 'src/errors.ts'),
    )
    expect(reached.filter((one) => /^(#|prisma\/|scripts\/)/.test(one))).toEqual([])
  })

  test('entries only say what is offered', () => {
    const others = entries.flatMap((path) =>
      (sources.get(path)?.text ?? '')
        .replace(/\/\*\*[\s\S]*?\*\//g, '')
        .split('\n')
        .filter((line) => !/^(export (type )?\{.*| {2}[\w ]+,|\} from '.*'|)$/.test(line)),
    )

    expect(others).toEqual([])
  })

  test('loads the embedded database for those alone who ask for it', () => {
    const embedded = 'src/sql/pglite.ts'
    const reached = reach('src/library/yoga.ts', ({ isTypeOnly }) => !isTypeOnly)
    const importers = [...reached].filter((path) =>
      sources.get(path)?.imports.some(({ from, isTypeOnly }) => from === embedded && !isTypeOnly),
    )
    const [importer = ''] = importers

    expect(importers).toEqual(['src/yoga/open-loadline.ts'])
    expect(sources.get(importer)?.text).toContain("await import('../sql/pglite.ts')")
    expect(sources.get(importer)?.text).not.toMatch(/from '.*pglite/)
  })
})
