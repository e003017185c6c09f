import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { serveWithTrouble, type TroubledServer } from '../sdk/serve-with-trouble.ts'
import { findChromium, type OpenBrowser, type OpenPage, openChromium } from '../support/chromium.ts'
import { type CachedApp, type CachedPlace, openCachedPlace } from '../support/start-cached-apps.ts'

const list =
  'query CourseList($n: Int!) { courses(first: $n) { nodes { title teacher { name } } } }'
const page =
  'query CoursePage { courses(first: 5) { nodes { title enrollments(first: 3) { nodes { student { name } } totalCount } } } }'
const rename =
  'mutation Rename($to: String!) { updateProfile(input: { headline: $to }) { profile { headline } } }'

// Without Chromium there is nothing to look at it with: `apt-get install chromium`.
describe.skipIf(!findChromium())('the dashboard in Chromium, without a network', () => {
  let place: CachedPlace
  let app: CachedApp
  let server: TroubledServer
  let browser: OpenBrowser
  let open: OpenPage
  let isBusy = true
  let load: Promise<void>

  beforeAll(async () => {
    place = await openCachedPlace('memory')
    // Every statement counts as slow: on a fast machine none would take a millisecond.
    app = await place.start({ env: { SLOW_STATEMENT_MS: '0' } })
    const course = await app.rows.course({ title: '<img src=x onerror=alert(1)>' })
    for (let row = 0; row < 5; row += 1) await app.rows.enrollment({ courseId: course.id })
    load = keepBusy(course.teacherId)
    server = await serveWithTrouble(app.handler)
    browser = await openChromium()
    open = await browser.open(new URL('/dashboard', server.url).href)
  }, 120_000)

  afterAll(async () => {
    isBusy = false
    await load
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  async function keepBusy(teacherId: string): Promise<void> {
    for (let turn = 0; isBusy; turn += 1) {
      await app.query(list, { variables: { n: 1 + (turn % 7) } })
      if (turn % 5 === 0) await app.query(page)
      if (turn % 40 === 0) await app.query(rename, { as: teacherId, variables: { to: `${turn}` } })
      if (turn % 100 === 0) await app.query('query Wrong { nothing }')
      await new Promise((resolve) => setTimeout(resolve, 4))
    }
  }

  const text = (selector: string) => open.page.locator(selector).textContent()

  test('shows what happens, live', async () => {
    const { page } = open
    await page.locator('#operations').getByText('CourseList').waitFor()
    await page.locator('.tile').first().waitFor()
    const requests = () => text('.tile:first-child .note')
    const before = await requests()
    await vi.waitFor(async () => expect(await requests()).not.toBe(before), 20_000)

    expect(await text('#operations')).toMatch(/CoursePage/)
    expect(await text('#tiles')).toMatch(/Hit rate\s*\d/)
    expect(await text('#announcements')).toMatch(/Profile/)
    expect(await page.locator('canvas').count()).toBe(4)
    for (const chart of await page.locator('.chart').all()) {
      expect(await chart.getAttribute('aria-label')).toMatch(/^Now: \w/)
      expect((await chart.boundingBox())?.width).toBeGreaterThan(200)
    }
  })

  test('shows a statement with its plan, which stays open while all goes on', async () => {
    const { page } = open
    // One statement is planned every two seconds: the page's may not be the first.
    const statement = page
      .locator('#statements details')
      .filter({ hasText: 'FROM "Course"', has: page.locator('pre + pre') })
      .first()
    await statement.locator('summary').click({ timeout: 60_000 })
    await statement.getByText(/\(cost \d+, rows \d+\)/).waitFor()
    await page.waitForTimeout(2_500)

    expect(await statement.getAttribute('open')).not.toBeNull()
    expect(await statement.locator('pre').last().textContent()).toMatch(/Scan.* on Course/)
  })

  test('is worked with the keyboard alone', async () => {
    const { page } = open
    await page.locator('body').click({ position: { x: 2, y: 400 } })
    await page.keyboard.press('p')
    await expect.poll(() => text('#status')).toBe('Paused')
    await page.keyboard.press('p')
    await expect.poll(() => text('#status')).not.toBe('Paused')
    await page.locator('#statements summary').first().focus()
    await page.waitForTimeout(2_500)
    const focused = () => page.evaluate(() => document.activeElement?.tagName)

    expect(await focused()).toBe('SUMMARY')
    await page.locator('.skip').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('overview')
  })

  test('has a light and a dark theme, and says no when targets are missed', async () => {
    const { page } = open
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await background()
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await background()
    await page.keyboard.press('t')
    const chosen = await background()
    for (let time = 0; time < 3; time += 1) {
      app.observation.events.answerCompared(null, { outcome: 'stale', tags: ['Row:1'] })
    }
    await page.locator('#alerts .firing', { hasText: 'LoadlineStale' }).waitFor()

    expect(light).not.toBe(dark)
    expect(chosen).toBe(light)
    expect(await text('#status')).toMatch(/^\d alerts? firing$/)
  })

  test('fits a phone without scrolling sideways', async () => {
    const { page } = open
    await page.setViewportSize({ width: 375, height: 812 })
    await page.waitForTimeout(1_500)
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.querySelector('canvas')?.getBoundingClientRect().width ?? 0,
    ])

    expect(widths[0]).toBeLessThanOrEqual(375)
    expect(widths[1]).toBeGreaterThan(250)
    expect(widths[1]).toBeLessThanOrEqual(375)
  })

  test('breaks no rule of its policy, asks nobody else for anything, and runs no text', () => {
    expect(open.faults).toEqual([])
  })

  test('says so when the process is gone, and follows it again when it is back', async () => {
    await server.stop()
    await expect.poll(() => text('#status'), { timeout: 20_000 }).toBe('Not connected')
    await server.start()
    await expect.poll(() => text('#status'), { timeout: 20_000 }).toMatch(/firing|met/)
  })

  /** For people: `LOADLINE_SCREENSHOTS=folder` puts pictures there. */
  test('looks the same for people', async () => {
    const folder = process.env.LOADLINE_SCREENSHOTS
    const { page } = open
    for (const [name, width, height] of [
      ['desktop', 1_280, 900],
      ['phone', 375, 812],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.evaluate((theme) => localStorage.setItem('loadline:theme', theme), colorScheme)
        await page.reload()
        await page.evaluate(() => scrollTo(0, 0))
        await page.locator('#operations').getByText('CourseList').waitFor()
        await page.waitForTimeout(folder ? 12_000 : 0)
        const picture = await page.screenshot({ fullPage: true })
        expect(picture.length).toBeGreaterThan(20_000)
        if (!folder) continue
        await mkdir(folder, { recursive: true })
        await page.screenshot({ fullPage: true, path: `${folder}/${name}-${colorScheme}.png` })
      }
    }
  })
})
