/**
 * Whether an `If-None-Match` names this strong ETag (RFC 9110, 13.1.2): weak and strong are alike
 * there, and `*` is any.
 */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([one]) => one === etag)
}
