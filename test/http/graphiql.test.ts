import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPeople } from '../../prisma/demo-people.ts'
import { serveWithTrouble, type TroubledServer } from '../sdk/serve-with-trouble.ts'
import { findChromium, type OpenBrowser, type OpenPage, openChromium } from '../support/chromium.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

// Without Chromium there is nothing to look at GraphiQL with: `apt-get install chromium`.
describe.skipIf(!findChromium())('GraphiQL in Chromium, without a network', () => {
  let app: TestApp
  let server: TroubledServer
  let browser: OpenBrowser
  let open: OpenPage

  beforeAll(async () => {
    app = await startTestApp()
    for (const { id, email, role } of demoPeople) await app.rows.user({ id, email, role })
    await app.rows.course({ title: 'Knots' })
    server = await serveWithTrouble(app.handler)
    browser = await openChromium()
    open = await browser.open(server.url)
    await open.page.locator('.graphiql-execute-button').waitFor()
  }, 240_000)

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
  })

  const answer = () => open.page.locator('.graphiql-response')
  const run = () => open.page.locator('.graphiql-execute-button').click()

  test('offers operations of the domain, and runs the first as it is', {
    timeout: 120_000,
  }, async () => {
    const tabs = await open.page.locator('.graphiql-tab').allInnerTexts()
    await run()
    await answer().getByText('"Knots"').waitFor()

    expect(tabs.map((tab) => tab.trim())).toEqual([
      'Welcome',
      'MyCourses',
      'MyStudents',
      'SayHello',
    ])
  })

  test('says beside the answer what it cost', { timeout: 120_000 }, async () => {
    await open.page.locator('output', { hasText: 'statement' }).waitFor()

    expect(await open.page.locator('output').first().textContent()).toMatch(
      /^\d+ statements? · \d+ rows · [\d.]+ ms · cache: \w+$/,
    )
  })

  test('asks as another viewer after one choice', { timeout: 120_000 }, async () => {
    await open.page.getByTitle('Who is asking').selectOption('student@loadline.dev')
    await run()

    await answer().getByText('"STUDENT"').waitFor()
  })

  test('shows the docs of a type', { timeout: 120_000 }, async () => {
    await open.page.getByRole('button', { name: 'Documentation Explorer' }).click()
    await open.page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).click()

    await open.page.locator('.graphiql-doc-explorer').getByText('leaderboard').first().waitFor()
  })

  test('completes the name of a field', { timeout: 120_000 }, async () => {
    const { page } = open
    await page.locator('.graphiql-editors .monaco-editor').first().click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('{ leaderb')
    await page.keyboard.press('Control+Space')
    await page.locator('.suggest-widget').getByText('leaderboard').first().waitFor()
    await page.keyboard.press('Enter')

    await page.locator('.graphiql-editors').getByText('leaderboard').first().waitFor()
  })

  test('breaks no rule of its policy, and asks nobody else for anything', () => {
    expect(open.faults).toEqual([])
  })
})
