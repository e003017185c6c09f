import { readFileSync } from 'node:fs'

/** What the SDK sends, by the operation's name. */
export function readDocuments(): ReadonlyMap<string, string> {
  const manifest = new URL('../../src/sdk/generated/persisted-documents.json', import.meta.url)
  const texts: Record<string, string> = JSON.parse(readFileSync(manifest, 'utf8'))
  return new Map(
    Object.values(texts).map((text) => [/(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '', text]),
  )
}
