import type { Reply } from './exchange.ts'
import type { Document } from './typed-document.ts'

/**
 * Under which id a server may know the document. It travels as `documentId` (GraphQL over HTTP,
 * Appendix A), and stands for the text that the manifest of persisted documents has under it.
 */
export function idOf(document: Document): string | undefined {
  // Codegen puts the hash there; the type of a document does not say so.
  return (document as { __meta__?: { hash?: string } }).__meta__?.hash
}

/**
 * Whether nothing ran, for a reason that may be the id: a server without any notion of ids says that
 * the request is bad.
 */
export function refusesId({ code, status }: Reply): boolean {
  return /^4.*(BAD_REQUEST|PERSISTED_QUERY)/.test(status + code)
}
