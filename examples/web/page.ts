import { createClient, LoadlineError } from 'loadline/sdk'
import { CourseListDocument, type CourseListQuery, EnrollDocument } from 'loadline/sdk/documents'

type Course = CourseListQuery['courses']['nodes'][number]

const client = createClient({ url: '/graphql', token: fetchToken })
const list = document.querySelector('#courses')
const more = document.querySelector('#more')
const trouble = document.querySelector('#trouble')

// A page at a time: the next one is under way before anybody asks for it.
const pages = client.pages(CourseListDocument, { orderBy: 'TITLE', first: 3 }).byPage()
more?.addEventListener('click', () => explain(showPage))
await explain(showPage)

async function showPage(): Promise<void> {
  const { value: page } = await pages.next()
  list?.append(...(page?.items ?? []).map(rowOf))
  if (!page?.hasMore) more?.remove()
}

function rowOf(course: Course): HTMLLIElement {
  const row = document.createElement('li')
  const count = document.createElement('output')
  const button = document.createElement('button')
  count.textContent = ` (${course.stats.enrollmentCount} enrolled)`
  button.textContent = 'Enroll'
  button.addEventListener('click', () => explain(() => enroll(course, { count, button })))
  row.append(`${course.title}, by ${course.teacher.name}`, count, button)
  return row
}

interface Row {
  readonly count: HTMLOutputElement
  readonly button: HTMLButtonElement
}

/** The answer of the mutation has what changed, so that nothing is asked for again. */
async function enroll({ id: courseId }: Course, { count, button }: Row): Promise<void> {
  button.disabled = true
  const input = { courseId, idempotencyKey: crypto.randomUUID() }
  const { data } = await client.mutate(EnrollDocument, { input })
  count.textContent = ` (${data.enroll?.course?.stats.enrollmentCount} enrolled)`
  button.textContent = data.enroll?.enrollment?.status ?? ''
}

async function explain(action: () => Promise<void>): Promise<void> {
  try {
    if (trouble) trouble.textContent = ''
    await action()
  } catch (error) {
    if (!(error instanceof LoadlineError)) throw error
    if (trouble) trouble.textContent = `${error.code}: ${error.message}`
  }
}

/** The server gives tokens of its demo people to pages of its own machine, in development. */
async function fetchToken(): Promise<string> {
  const email = new URLSearchParams(location.search).get('as') ?? 'student@loadline.dev'
  const response = await fetch(`/dev/token?email=${encodeURIComponent(email)}`)
  return (await response.json()).token
}
