import type { Config } from './config.ts'
import { digestLimits } from './guard/limits.ts'

/** What of the configuration decides what is answered: processes that differ in it share no answers. */
export function answerSettings({ limits, introspection }: Config): readonly string[] {
  return [digestLimits(limits), `introspection ${introspection}`]
}
