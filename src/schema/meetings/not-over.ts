import type { Context } from '../../context.ts'

/** The argument of lists of what is not over yet. */
export const from = {
  type: 'DateTime',
  description:
    'What ends before this time is left out: the begin of the current minute unless given. A client that gives its own should cut it short, as each other time is another question.',
} as const

export function startOf(
  args: { readonly from?: string | null | undefined },
  { now }: Pick<Context, 'now'>,
): string {
  return args.from ?? now('minute')
}
