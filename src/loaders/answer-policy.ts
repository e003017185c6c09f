/** How long something lasts; made by `seconds`, `minutes` or `hours`, so that no unit is guessed. */
export interface Duration {
  readonly ms: number
}

export const seconds = (count: number): Duration => ({ ms: count * 1_000 })
export const minutes = (count: number): Duration => seconds(count * 60)
export const hours = (count: number): Duration => minutes(count * 60)

/** How an answer that shows a type or field may be kept. Writes end it sooner, whatever is said here. */
export interface AnswerPolicy {
  /**
   * The longest that it is kept.
   * @default what holds for the field that leads there (for a field of the root, a minute)
   */
  readonly maxAge?: Duration | undefined
  /** It is stored nowhere, and no answer that shows it. @default false */
  readonly noStore?: boolean | undefined
  /**
   * Of a field that gives an interface or a union: it forbids by itself what it finds of a `noStore`
   * type, so only a selection that names such a type is forbidden beforehand. @default false
   */
  readonly isDecidedByRow?: boolean | undefined
}

/** The `extensions` of a GraphQL type or field that has this policy, and what `policyOf` reads. */
export function withPolicy(policy: AnswerPolicy): { readonly answerPolicy: AnswerPolicy } {
  const { maxAge, noStore, isDecidedByRow } = policy
  return { answerPolicy: { maxAge, noStore, isDecidedByRow } }
}

export function policyOf(of: { readonly extensions: object }): AnswerPolicy {
  const { answerPolicy = nothing }: Partial<ReturnType<typeof withPolicy>> = of.extensions
  return answerPolicy
}

const nothing: AnswerPolicy = {}
