import { mkdir, writeFile } from 'node:fs/promises'

const folder = new URL('../results/', import.meta.url)

/** Writes `results/<name>` with each of these endings. */
export async function writeResults(
  name: string,
  contents: { readonly json?: object; readonly md?: string; readonly svg?: string },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [ending, content] of Object.entries(contents)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2)
    await writeFile(new URL(`${name}.${ending}`, folder), `${text.trimEnd()}\n`)
  }
}
