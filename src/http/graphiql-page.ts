import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { GraphiQLOptions } from './graphiql-stage.ts'

/** The page, and a policy that lets it run its own two scripts and talk to its own origin. */
export async function renderGraphiQLPage({ query, people }: GraphiQLOptions): Promise<{
  readonly html: string
  readonly csp: string
}> {
  // 9 MB of source, so it is loaded only when somebody looks at it.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  // A tab for each part that begins with a comment.
  const defaultTabs = query.split(/\n\n(?=#)/).map((part) => ({ query: part }))
  const page = await renderGraphiQL({ title: 'Loadline', defaultTabs })
  if (typeof page !== 'string') throw new TypeError('GraphiQL was to render a string')

  const picker = await renderPicker(people)
  const html = page.replace('<div id="root"></div>', (root) => root + picker)
  const scripts = [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => {
    return `'sha256-${createHash('sha256')
      .update(script ?? '')
      .digest('base64')}'`
  })
  const csp = [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    // The editor makes its workers from text, and writes styles as it goes.
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html, csp }
}

async function renderPicker(people: GraphiQLOptions['people']): Promise<string> {
  const script = await readFile(new URL('./viewer-picker.browser.js', import.meta.url), 'utf8')
  const emails = people.map(({ email }) => email.replaceAll('"', '&quot;')).join(' ')
  return `<script data-emails="${emails}">${script}</script>`
}
