import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../../src/sdk', import.meta.url))

/** A module that imports from `src/sdk`, as browsers would get it. */
export async function bundleOf(contents: string): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' },
  })
  return result.outputFiles[0]?.text ?? ''
}

/** Bytes of a text, compressed. */
export function compressedSize(bundle: string): number {
  return gzipSync(bundle, { level: 9 }).length
}
