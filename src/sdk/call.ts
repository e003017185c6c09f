/** For one call, instead of what the client was made with. */
export interface CallOptions extends CallDefaults {
  /** Ends the call, with the waits between its attempts; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface CallDefaults {
  /** For one attempt, until its answer is there as a whole; 0 waits for ever. @default 10_000 */
  readonly timeoutMs?: number
  /**
   * Further attempts of a query, or of a mutation with an `idempotencyKey`, when there was no answer,
   * or one that says later (429, 502, 503, 504). Other mutations are sent once. @default 3
   */
  readonly retries?: number
  /** Each wait is drawn between 0 and this, which doubles with every attempt. @default 300 */
  readonly retryDelayMs?: number
  /** The longest wait, and the longest `Retry-After` that is waited for. @default 10_000 */
  readonly maxRetryDelayMs?: number
  /** How queries travel; one too long for a URL goes by POST. Mutations always do. @default 'POST' */
  readonly method?: 'GET' | 'POST'
  /** Further headers; their names are in lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a call takes after its document: variables may be left out only if all of them may. */
export type CallArguments<Variables, Options = CallOptions> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options]
