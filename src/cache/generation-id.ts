import { hash } from 'node:crypto'
import type { Generation } from './store.ts'

/** A generation as it stands in keys. */
export interface GenerationId {
  readonly database: string
  /** Of both halves. */
  readonly whole: string
}

/** Works out the ids of a generation once, until another comes. */
export function createGenerationIds(): (generation: Generation) => GenerationId {
  let last: { readonly generation: Generation; readonly id: GenerationId } | undefined
  return (generation) => {
    const { database, answers } = generation
    if (last?.generation.database === database && last.generation.answers === answers) {
      return last.id
    }
    const id = { database: digest(database), whole: digest(JSON.stringify([database, answers])) }
    last = { generation, id }
    return id
  }
}

/** Long enough that nobody can look for two texts with the same: 192 bits of SHA-256. */
export function digest(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, 24).toString('base64url')
}
