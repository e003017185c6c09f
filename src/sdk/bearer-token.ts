type MaybePromise<T> = T | Promise<T>
export type Token = string | null | undefined

export interface TokenOptions {
  /** The bearer token, or what gives the current one: asked at the start of every call. */
  readonly token?: Token | (() => MaybePromise<Token>)
  /**
   * Gives a new token when the server has refused the old one. Calls that were refused share one call
   * of it and are then repeated once. Where `token` is a text, the new one takes its place.
   */
  readonly refreshToken?: () => MaybePromise<Token>
}

export interface BearerToken {
  current(): MaybePromise<Token>
  /** Another token than the one refused: a new one, unless there is one already. */
  renew(refused: Token): Promise<Token>
}

export function createBearerToken({ token, refreshToken }: TokenOptions): BearerToken {
  let known = token
  let renewing: Promise<Token> | undefined

  const current = () => (typeof known === 'function' ? known() : known)

  async function refresh(): Promise<Token> {
    const fresh = await refreshToken?.()
    if (typeof known !== 'function') known = fresh
    return fresh
  }

  return {
    current,
    async renew(refused) {
      const now = await current()
      if (now !== refused) return now
      renewing ??= refresh().finally(() => {
        renewing = undefined
      })
      return renewing
    },
  }
}
