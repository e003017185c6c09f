import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { configDefaults } from '../src/config.ts'
import { openSeeded } from './seed/seeded-database.ts'
import { startTestApp } from './support/start-test-app.ts'

const readme = readProjectFile('README.md')

describe('what the README says', () => {
  test('about the first query is its answer on demo data, and its cost', async () => {
    await using database = await openSeeded('demo', 1)
    await using app = await startTestApp({ database })
    const query = codeBlock('graphql')
    const [, asCurl = ''] = codeBlock('sh', 'MOST_ENROLLED').match(/"query": "(.*)"/) ?? []
    const [, cost] = readme.match(/this one took (\d+) statements/) ?? []

    const { data, statements } = await app.query(query)
    const { statements: forMore } = await app.query(query.replace('first: 2,', 'first: 20,'))

    expect({ data }).toEqual(JSON.parse(codeBlock('json')))
    expect(asCurl).toBe(query.replace(/\s+/g, ' '))
    expect(statements).toHaveLength(Number(cost))
    expect(forMore).toHaveLength(Number(cost))
  })

  test('about the configuration is every variable with its defaults', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(
      ([, name = '', fallback = '']) => [name, fallback],
    )
    const names = [...readProjectFile('src/config.ts').matchAll(/^ {4}([A-Z_]+): /gm)]
      .map(([, name]) => name)
      .filter((name, index, all) => all.indexOf(name) === index)

    expect(rows.map(([name]) => name)).toEqual(names)
    expect(Object.fromEntries(rows)).toMatchObject(
      Object.fromEntries(
        Object.entries(configDefaults).map(([name, { development, production }]) => [
          name,
          development === production
            ? `\`${development}\``
            : `\`${development}\`; in production \`${production}\``,
        ]),
      ),
    )
  })

  test('to run exists', () => {
    const scripts = Object.keys(JSON.parse(readProjectFile('package.json')).scripts)
    const named = [...readme.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name]) => name)

    expect(named).not.toHaveLength(0)
    expect(scripts).toEqual(expect.arrayContaining(named))
  })
})

/** The first block of a language that has a word in it. */
function codeBlock(language: string, word = ''): string {
  const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
  const block = blocks.find(([, of, code]) => of === language && code?.includes(word))
  if (!block?.[2]) throw new Error(`README.md has no block of ${language} with "${word}"`)
  return block[2].trim()
}

function readProjectFile(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}
