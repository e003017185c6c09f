import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type GraphQLSchema, printSchema } from 'graphql'

export interface AnswerSources {
  readonly schema: GraphQLSchema
  /** What else decides what is answered, as text: limits, switches. */
  readonly settings: readonly string[]
  /** The code that computes answers. @default the folder of this package's sources */
  readonly folder?: string
}

/**
 * What an answer means: equal for processes that would answer everything alike, another for each
 * build. The code itself is looked at, so nobody has to remember to count up a version.
 */
export async function identifyAnswers(sources: AnswerSources): Promise<string> {
  const { schema, settings, folder = ownFolder } = sources
  const hash = createHash('sha256')
  hash.update(JSON.stringify([printSchema(schema), settings]))
  for (const path of await listFiles(folder)) {
    hash.update(JSON.stringify(path))
    hash.update(
      createHash('sha256')
        .update(await readFile(join(folder, path)))
        .digest(),
    )
  }
  return hash.digest('base64url')
}

const ownFolder = fileURLToPath(new URL('..', import.meta.url))

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort()
}
