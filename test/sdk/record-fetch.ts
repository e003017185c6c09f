/** What a client sent, one entry an attempt. */
export interface Sent {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** The parameters of the request, wherever they travelled. */
  readonly params: Readonly<Record<string, unknown>>
}

/** The global `fetch`, with a record of its calls. */
export function recordFetch(): { readonly fetch: typeof fetch; readonly sent: readonly Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    fetch(input, init) {
      const request = { method: 'GET', ...init }
      const url = new URL(String(input))
      const params =
        typeof request.body === 'string'
          ? JSON.parse(request.body)
          : Object.fromEntries(url.searchParams)
      sent.push({ method: request.method, url, headers: new Headers(request.headers), params })
      return globalThis.fetch(input, init)
    },
  }
}
