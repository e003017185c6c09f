import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { isExecutableDefinitionNode, Kind } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as generated from '../../src/sdk/generated/graphql.ts'
import manifest from '../../src/sdk/generated/persisted-documents.json' with { type: 'json' }
import type { Database } from '../../src/sql/database.ts'
import { openSeeded } from '../seed/seeded-database.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { type Call, mutations, personId, screens } from './calls.ts'

let database: Database | undefined
let app: TestApp

beforeAll(async () => {
  database = await openSeeded('demo', 1)
  app = await startTestApp({ database })
})

afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const named = (calls: readonly Call[]) =>
  calls.map((call) => [nameOf(call.document), call] as const)

describe('on demo data', () => {
  test.for(named(screens))('the screen %s is answered in full', async ([name, call]) => {
    await expectAnswer(name, call)
  })

  test.for(named(mutations))('the mutation %s is carried out', async ([name, call]) => {
    await expectAnswer(name, call)
  })
})

test('every operation has a call here, and a file that is named like it', async () => {
  const called = [...screens, ...mutations].map(({ document }) => nameOf(document)).sort()
  const files = await readdir(new URL('../../src/sdk/operations/', import.meta.url))
  const ofFiles = files
    .filter((file) => !file.endsWith('.fragment.graphql'))
    .map((file) => pascalCase(file.slice(0, -'.graphql'.length)))
    .sort()

  expect(called).toEqual(operationsOf(generated))
  expect(ofFiles).toEqual(called)
})

test('every mutation of the schema has an operation', () => {
  const fields = Object.keys(app.schema.getMutationType()?.getFields() ?? {}).map(pascalCase)

  expect(named(mutations).map(([name]) => name)).toEqual(expect.arrayContaining(fields))
})

test('the manifest holds each document under the hash of its text', () => {
  const entries = Object.entries(manifest)

  expect(entries).toHaveLength(screens.length + mutations.length)
  for (const [hash, text] of entries) {
    expect(hash).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
  }
})

/** Asks with the text that the manifest holds: what a client sends and a server may insist on. */
async function expectAnswer(name: string, { document, as, prepare }: Call): Promise<void> {
  const variables = await prepare?.(app.rows)
  const { data, errors } = await app.query(textOf(document), {
    as: as && personId(as),
    variables: Object(variables),
  })

  expect(errors).toBeUndefined()
  expect(Object.keys(data)).not.toHaveLength(0)
  for (const [field, value] of Object.entries(data)) {
    expect(value, `${name}: ${field}`).not.toBeNull()
    const nulls = Object.entries(Object(value)).filter(
      ([key, part]) => part === null && mustBe(key),
    )
    expect(nulls, `${name}: parts of ${field} that are null`).toEqual([])
  }
}

/** What is null on the demo data without a fault: not everybody has a picture or a bot. */
function mustBe(key: string): boolean {
  return !['avatarUrl', 'botSettings', 'profile', 'subscription'].includes(key)
}

function textOf(document: Call['document']): string {
  // The generator puts the hash there; the type of a document does not say so.
  const { hash } = (document as object as { __meta__: { hash: keyof typeof manifest } }).__meta__
  return manifest[hash]
}

function nameOf(document: Call['document']): string {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (!operation || !isExecutableDefinitionNode(operation)) throw new Error('Not an operation')
  return operation.name?.value ?? ''
}

function operationsOf(module: object): readonly string[] {
  return Object.values(module)
    .filter(({ definitions }) => definitions[0].kind === Kind.OPERATION_DEFINITION)
    .map(nameOf)
    .sort()
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
