import { createHash } from 'node:crypto'
import { type Encoding, encode } from '../cache/encoding.ts'
import { chooseEncoding } from './compress.ts'
import type { Answer, Exchange } from './exchange.ts'
import { renderGraphiQLPage } from './graphiql-page.ts'
import { pageHeaders } from './security-headers.ts'

export interface GraphiQLOptions {
  /** What the editor holds at first. */
  readonly query: string
  /** Whom the viewer picker offers; without anybody there is no picker. */
  readonly people: readonly { readonly email: string }[]
}

/**
 * GraphiQL for a browser at `/graphql`. The page is 9 MB and needs no network: it is rendered and
 * compressed once, when the first browser asks, and a browser that has it is told so.
 */
export function createGraphiQLStage(options: GraphiQLOptions) {
  const variants = new Map<Encoding, Promise<Buffer>>()
  let rendered: ReturnType<typeof render> | undefined

  return async (exchange: Exchange): Promise<Answer | null> => {
    if (!isForBrowser(exchange)) return null
    rendered ??= render(options)
    const { csp, digest } = await rendered
    const encoding = chooseEncoding(exchange.header('accept-encoding'))
    const etag = `"${digest}-${encoding}"`
    const headers = {
      ...pageHeaders,
      'content-security-policy': csp,
      'cache-control': 'private, no-cache',
      vary: 'Accept, Accept-Encoding',
      etag,
    }
    if (exchange.header('if-none-match') === etag) return { status: 304, headers, body: null }
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': 'text/html; charset=utf-8',
        ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      },
      body: await variant(encoding),
    }
  }

  function variant(encoding: Encoding): Promise<Buffer> {
    const known = variants.get(encoding)
    if (known) return known
    const made = encodePage(encoding)
    variants.set(encoding, made)
    return made
  }

  async function encodePage(encoding: Encoding): Promise<Buffer> {
    const { html } = await (rendered ?? render(options))
    return encoding === 'identity' ? html : encode(html, encoding)
  }
}

function isForBrowser({ method, url, header }: Exchange): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    url.pathname === '/graphql' &&
    (header('accept') ?? '').includes('text/html')
  )
}

async function render(options: GraphiQLOptions) {
  const { html, csp } = await renderGraphiQLPage(options)
  const bytes = Buffer.from(html)
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
  return { html: bytes, csp, digest }
}
