import { signToken } from '../../src/guard/sign-token.ts'

/** What servers of the bench verify tokens with. */
export const benchSecret = 'a secret of the bench, which is long enough'

/** A token of somebody, by their raw id. */
export function signForBench(viewer: string): Promise<string> {
  return signToken(viewer, { secret: benchSecret, issuer: null, audience: null })
}
