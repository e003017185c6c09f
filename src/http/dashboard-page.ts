import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** The page with all that it needs in it, and a policy that lets it run that and nothing else. */
export async function renderDashboardPage(): Promise<{
  readonly html: string
  readonly csp: string
}> {
  const here = (name: string) => readFile(new URL(`./dashboard/${name}`, import.meta.url), 'utf8')
  const uplot = (name: string) =>
    readFile(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8')
  const template = await here('page.html')
  const styles = [await uplot('uPlot.min.css'), await here('page.css')]
  const scripts = [await uplot('uPlot.iife.min.js'), await here('page.browser.js')]
  const html = template
    .replace('<!-- styles -->', () => styles.map((text) => `<style>${text}</style>`).join('\n'))
    .replace('<!-- scripts -->', () => scripts.map((text) => `<script>${text}</script>`).join('\n'))
  const csp = [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}`,
    `style-src ${styles.map(hashSource).join(' ')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html, csp }
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
