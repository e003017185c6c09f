import type { TestProject } from 'vitest/node'
import { generateCatalogue } from '../foreign/generate-catalogue.ts'
import { openDatabaseSource } from './database-source.ts'

/** Makes the migrated database that test files copy, and removes it and its copies at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  generateCatalogue()
  const opened = await openDatabaseSource()
  project.provide('databaseSource', opened.source)
  project.provide('isRecording', project.config.snapshotOptions.updateSnapshot === 'all')
  process.env.LOADLINE_TEST_RAN_ON = opened.description
  return async () => {
    await opened[Symbol.asyncDispose]()
  }
}
