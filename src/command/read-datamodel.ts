import { readFile } from 'node:fs/promises'
import type { Datamodel } from '../sql/datamodel.ts'

/** What stands before the JSON with which a generated module ends. */
export const datamodelHead = 'export const datamodel: TypedDatamodel<Models> = '

/** The datamodel in a generated module, which need not be compiled for it. */
export async function readDatamodel(file: string): Promise<Datamodel> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`There is no datamodel in ${file}: run "prisma generate"`, { cause: error })
  })
  const at = text.indexOf(datamodelHead)
  if (at < 0) throw new Error(`${file} is of another version: run "prisma generate"`)
  // Written by the generator.
  return JSON.parse(text.slice(at + datamodelHead.length)) as Datamodel
}
