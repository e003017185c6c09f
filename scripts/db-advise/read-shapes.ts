import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { AdvisedShape } from '../../src/observe/advise-indexes.ts'
import type { PlanNode } from '../../src/observe/plan.ts'

/** What was recorded cannot be read; the message says why. */
export class ShapesError extends Error {}

/** @param from an address, or the path of a file: `/metrics.json` of a process, or lines of its log */
export async function readShapes(
  from: string,
  token: string | null,
): Promise<readonly AdvisedShape[]> {
  const text = /^https?:\/\//.test(from) ? await ask(from, token) : await readText(from)
  const figures = figuresSchema.safeParse(parseJson(text))
  if (figures.success) return figures.data.statements
  const lines = text.split('\n').flatMap((line) => lineSchema.safeParse(parseJson(line)).data ?? [])
  if (lines.length > 0) return addUp(lines)
  throw new ShapesError(`${from} has neither "statements" nor lines of slow statements`)
}

async function ask(address: string, token: string | null): Promise<string> {
  const url = new URL('/metrics.json', address)
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(url, { headers }).catch((error) => {
    throw new ShapesError(`${url} cannot be reached: ${String(error.cause ?? error)}`)
  })
  if (response.ok) return response.text()
  throw new ShapesError(`${url} answered ${response.status}: is METRICS_TOKEN right?`)
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ShapesError(`${path} cannot be read: ${String(error)}`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const planSchema: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    relation: z.string().nullable(),
    index: z.string().nullable(),
    rows: z.number(),
    cost: z.number(),
    conditions: z.array(z.string()),
    children: z.array(planSchema),
  }),
)

const figuresSchema = z.object({
  statements: z.array(
    z.object({
      sql: z.string(),
      runs: z.number(),
      totalMs: z.number(),
      paths: z.array(z.string()),
      operations: z.array(z.string()),
      plan: planSchema.nullable(),
    }),
  ),
})

const lineSchema = z.object({
  msg: z.literal('slow statement'),
  sql: z.string(),
  ms: z.number(),
  paths: z.array(z.string()),
  operation: z.string().nullish(),
})

function addUp(lines: readonly z.output<typeof lineSchema>[]): readonly AdvisedShape[] {
  const shapes = new Map<string, AdvisedShape>()
  for (const { sql, ms, paths, operation } of lines) {
    const known = shapes.get(sql)
    shapes.set(sql, {
      sql,
      runs: (known?.runs ?? 0) + 1,
      totalMs: (known?.totalMs ?? 0) + ms,
      paths: [...new Set([...(known?.paths ?? []), ...paths])],
      operations: [...new Set([...(known?.operations ?? []), ...(operation ? [operation] : [])])],
      plan: null,
    })
  }
  return [...shapes.values()]
}
