import { type Browser, chromium, type Page } from 'playwright-core'
import { findPrograms } from './private-server.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The Chromium of this machine, or undefined when none is installed. */
export function findChromium(): string | undefined {
  for (const name of names) {
    const folder = findPrograms([name])
    if (folder) return `${folder}/${name}`
  }
  return undefined
}

export interface OpenBrowser extends AsyncDisposable {
  /** A page with nothing remembered, which reaches this machine only. */
  open(url: string): Promise<OpenPage>
}

export interface OpenPage {
  readonly page: Page
  /** Errors of scripts, refusals of the policy, and addresses elsewhere that were asked for. */
  readonly faults: readonly string[]
}

/** A real browser, without a window. */
export async function openChromium(): Promise<OpenBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox'],
  })
  return {
    async open(url) {
      const context = await browser.newContext()
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (line) => {
        if (line.type() === 'error') faults.push(`${line.text()} ${line.location().url}`)
      })
      await context.route(
        (address) => !isHere(address),
        (route) => {
          faults.push(`asked for ${route.request().url()}`)
          return route.abort()
        },
      )
      await page.goto(url, { timeout: 120_000 })
      return { page, faults }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

function isHere({ hostname, protocol }: URL): boolean {
  return ['localhost', '127.0.0.1'].includes(hostname) || /^(data|blob|about):$/.test(protocol)
}
