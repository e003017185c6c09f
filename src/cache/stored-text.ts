import { readText, unpackAnswer } from './finished-answer.ts'

/** The JSON of the `data` that a stored answer holds; what else is stored is text itself. */
export async function storedText(bytes: Uint8Array): Promise<string> {
  const [encoding = 0] = bytes
  if (encoding > 1) return Buffer.from(bytes).toString()
  const text = await readText(unpackAnswer(bytes))
  return text.slice('{"data":'.length, -1)
}
