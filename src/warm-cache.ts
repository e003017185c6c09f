import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type AppOptions, createApp } from './app.ts'
import { ConfigError } from './config.ts'
import { createRateLimit } from './guard/rate-limit.ts'
import { signToken } from './guard/sign-token.ts'

/** One operation, asked for each of its viewers: raw ids of users, or null for nobody. */
export interface WarmOperation {
  readonly query?: string | undefined
  readonly documentId?: string | undefined
  readonly operationName?: string | undefined
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly viewers: readonly (string | null)[]
}

export interface WarmOptions {
  readonly operations: readonly WarmOperation[]
  /** Asked at the same time. @default 4 */
  readonly concurrency?: number
  /** Ends the work, whatever is left of it. @default 30_000 */
  readonly budgetMs?: number
  readonly onProgress?: (done: number, total: number) => void
}

export interface Warmed {
  readonly total: number
  readonly asked: number
  /** Of those that were asked: answers with errors. */
  readonly failed: number
}

/**
 * Reads a JSON list of operations; `viewers` is `[null]` where it is left out.
 * @throws ConfigError
 */
export async function readWarmFile(path: string): Promise<readonly WarmOperation[]> {
  try {
    const parsed = warmFile.safeParse(JSON.parse(await readFile(path, 'utf8')))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new Error(`${issue?.path.join('.')}: ${issue?.message}`)
  } catch (error) {
    throw new ConfigError([`${path}: ${error instanceof Error ? error.message : String(error)}`])
  }
}

const warmFile = z.array(
  z.strictObject({
    query: z.string().optional(),
    documentId: z.string().optional(),
    operationName: z.string().optional(),
    variables: z.record(z.string(), z.unknown()).optional(),
    viewers: z.array(z.union([z.string(), z.null()])).default([null]),
  }),
)

/**
 * Asks for everything once, so that whoever asks next finds it: the way of every request, but by an app
 * of its own, which nobody else reaches, and which trusts its own tokens and limits no rate.
 */
export async function warmCache(
  app: Omit<AppOptions, 'rateLimit' | 'observation'>,
  options: WarmOptions,
): Promise<Warmed> {
  const { operations, concurrency = 4, budgetMs = 30_000, onProgress } = options
  const secret = randomBytes(32).toString('base64url')
  const auth = { secret, jwksUrl: null, issuer: null, audience: null }
  using rateLimit = createRateLimit(Number.MAX_SAFE_INTEGER)
  await using own = createApp({ ...app, rateLimit, config: { ...app.config, auth } })
  const tasks = operations.flatMap(({ viewers, ...params }) =>
    viewers.map((viewer) => ({ viewer, body: JSON.stringify(params) })),
  )
  const left = tasks.values()
  const endsAtMs = performance.now() + budgetMs
  let asked = 0
  let failed = 0
  // Each takes the next when it is done: one iterator for all.
  const work = async () => {
    for (const { viewer, body } of left) {
      if (performance.now() > endsAtMs) return
      const authorization = viewer && `Bearer ${await signToken(viewer, auth)}`
      const response = await own.fetch(
        new Request('http://localhost/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
          body,
        }),
      )
      asked += 1
      if ('errors' in Object(await response.json())) failed += 1
      onProgress?.(asked, tasks.length)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return { total: tasks.length, asked, failed }
}
