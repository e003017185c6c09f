import { execFile } from 'node:child_process'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CleanFolder,
  compile,
  installPackage,
  projectFolder,
} from '../support/install-package.ts'

let folder: CleanFolder

beforeAll(async () => {
  const names = ['graphql', '@graphql-typed-document-node/core']
  folder = await installPackage(names.map((name) => join(projectFolder, 'node_modules', name)))
}, 240_000)

afterAll(() => folder?.[Symbol.asyncDispose]())

const program = `
  const client = createClient({ url: 'http://localhost/graphql', fetch: null })
  process.stdout.write([typeof client.query, typeof client.pages, typeof CourseListDocument,
    typeof createOperations(client).courseList, LoadlineError.name].join())`

const imports = `
  import { createClient, LoadlineError } from 'loadline/sdk'
  import { CourseListDocument } from 'loadline/sdk/documents'
  import { createOperations } from 'loadline/sdk/operations'`

describe('the packed SDK', () => {
  test('has a file for each of its exports, and depends on nothing but types', async () => {
    const installed = join(folder.path, 'node_modules/loadline')
    const { exports, dependencies } = JSON.parse(
      await readFile(join(installed, 'package.json'), 'utf8'),
    )
    const files = Object.values(exports).flatMap((one) =>
      Object.values(Object(one)).length > 0 && typeof one === 'object'
        ? Object.values(Object(one))
        : [one],
    )
    for (const file of files) await access(join(installed, String(file)))

    expect(files.length).toBeGreaterThan(6)
    expect(Object.keys(dependencies)).toEqual(['@graphql-typed-document-node/core'])
  })

  test('is given none of the packages that the server needs', async () => {
    const described = await readFile(
      join(folder.path, 'node_modules/loadline/package.json'),
      'utf8',
    )
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(described)
    const demanded = Object.keys(peerDependencies).filter(
      (name) => peerDependenciesMeta[name]?.optional !== true,
    )

    expect(Object.keys(peerDependencies)).toContain('pg')
    expect(demanded).toEqual([])
  })

  test.for([
    ['module', 'app.mjs', imports],
    [
      'CommonJS module',
      'app.cjs',
      imports.replaceAll(/import (.*?) from (.*)/g, 'const $1 = require($2)'),
    ],
  ] as const)('loads into a %s of Node', async ([, file, head]) => {
    expect(await runProgram(file, head + program)).toBe(
      'function,function,object,function,LoadlineError',
    )
  })

  test.for(['browser', 'neutral', 'node'] as const)('can be bundled for %s', async (platform) => {
    const result = await build({
      stdin: { contents: imports + program, resolveDir: folder.path },
      ...{ bundle: true, write: false, format: 'esm', metafile: true, platform },
    })
    const inputs = Object.keys(result.metafile.inputs)

    expect(result.warnings).toEqual([])
    expect(inputs.filter((file) => !/<stdin>|\/loadline\/sdk\//.test(file))).toEqual([])
  })

  test.for([
    ['Bundler', 'ESNext'],
    ['Node16', 'Node16'],
  ])(
    'is typed when modules are resolved as %s does',
    { timeout: 240_000 },
    async ([moduleResolution = '', module = '']) => {
      await writeFile(join(folder.path, 'app.mts'), imports + typed)
      const found = await compile(folder.path, [
        ...['app.mts', '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'],
        ...['--module', module, '--moduleResolution', moduleResolution],
      ])

      expect(found).toBe('')
    },
  )
})

const typed = `
  const client = createClient({ url: 'x' })
  const { data } = await client.query(CourseListDocument, { first: 1 })
  export const title: string | undefined = data.courses.nodes[0]?.title
  export const code = (error: LoadlineError) => error.code === 'CONFLICT'
  // @ts-expect-error a number is needed, unless all types were lost on the way
  createOperations(client).courseList({ first: 'x' })`

async function runProgram(file: string, text: string): Promise<string> {
  await writeFile(join(folder.path, file), text)
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder.path })
  return stdout
}
