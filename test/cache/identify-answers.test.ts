import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifyAnswers } from '../../src/cache/identify-answers.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-answers-'))
  await mkdir(join(folder, 'schema'))
  await writeFile(join(folder, 'schema', 'a.ts'), 'export const a = 1')
  await writeFile(join(folder, 'b.ts'), 'export const b = 1')
})
afterAll(() => rm(folder, { recursive: true }))

const schema = buildSchema('type Query { a: Int }')
const identify = (more: Partial<Parameters<typeof identifyAnswers>[0]> = {}) =>
  identifyAnswers({ schema, settings: ['limits 1'], folder, ...more })

test('processes of one build mean the same by an answer', async () => {
  expect(await identify()).toBe(await identify())
})

test('another schema, other settings or other code mean another', async () => {
  const ids = [
    await identify(),
    await identify({ schema: buildSchema('type Query { a: String }') }),
    await identify({ settings: ['limits 2'] }),
  ]
  await writeFile(join(folder, 'schema', 'a.ts'), 'export const a = 2')
  ids.push(await identify())
  await rename(join(folder, 'b.ts'), join(folder, 'c.ts'))
  ids.push(await identify())

  expect(new Set(ids).size).toBe(5)
})

test('this package’s own code is looked at where nothing else is named', async () => {
  expect(await identifyAnswers({ schema, settings: [] })).toMatch(/^[\w-]{43}$/)
})
