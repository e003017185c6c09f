import { everybody } from '../../loaders/where.ts'
import type { Rule } from '../builder.ts'

/** The argument of every list of models. */
export const enabledOnly = {
  type: 'Boolean',
  required: true,
  defaultValue: true,
  description: 'Whether to leave out models that cannot be chosen for a new conversation.',
} as const

export function onlyEnabled(args: { readonly enabledOnly: boolean }): Rule<'AiModel'> {
  return args.enabledOnly ? { enabled: true } : everybody
}
