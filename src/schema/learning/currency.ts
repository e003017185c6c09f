import { currency as code } from '../input-values.ts'
import { parseInput } from '../validate.ts'

/** The argument of every sum of money: amounts of several currencies are never added up. */
export const currency = {
  type: 'String',
  required: true,
  defaultValue: 'EUR',
  description: 'The currency whose payments are added up, as three letters of ISO 4217.',
} as const

/** Throws `BAD_USER_INPUT` for what is no currency. */
export function parseCurrency(args: { readonly currency: string }): string {
  return parseInput(code(), args.currency, ['currency'])
}
