import { setTimeout as pause } from 'node:timers/promises'
import type { DashboardFeed } from '../observe/dashboard-feed.ts'
import { renderDashboardPage } from './dashboard-page.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { OperatorOptions } from './operator-stage.ts'
import { pageHeaders } from './security-headers.ts'

/** The dashboard, and the server-sent events that it follows. */
export function dashboardPages(
  feed: DashboardFeed,
  isOver: () => boolean,
): OperatorOptions['pages'] {
  let page: ReturnType<typeof renderDashboardPage> | undefined
  return {
    '/dashboard': async (): Promise<Answer> => {
      page ??= renderDashboardPage()
      const { html, csp } = await page
      return {
        status: 200,
        headers: {
          ...pageHeaders,
          'content-security-policy': csp,
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
        },
        body: html,
      }
    },
    '/dashboard/feed': ({ signal, method }: Exchange): Answer => ({
      status: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // A proxy that collects what it passes on would hold it back.
        'x-accel-buffering': 'no',
      },
      body: method === 'HEAD' ? null : follow(feed, () => signal.aborted || isOver()),
    }),
  }
}

const tablesEverySeconds = 2

async function* follow(feed: DashboardFeed, isDone: () => boolean): AsyncGenerator<string> {
  yield event('history', feed.history())
  for (let turn = 0; !isDone(); turn += 1) {
    if (turn % tablesEverySeconds === 0) yield event('tables', await feed.tables())
    yield event('second', feed.latest())
    await pause(1_000, undefined, { ref: false })
  }
}

function event(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
}
