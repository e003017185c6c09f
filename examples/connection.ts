/** Where the examples find their server, and as whom they ask: see README.md. */
export const url = process.env.LOADLINE_URL ?? 'http://127.0.0.1:4000/graphql'
export const token = process.env.LOADLINE_TOKEN ?? ''

/** One line for people and for tests. */
export function show(step: string, value: unknown): void {
  process.stdout.write(`${JSON.stringify({ [step]: value })}\n`)
}
