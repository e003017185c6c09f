import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import { AppError } from '../errors.ts'

/**
 * `off`: ids of documents are not understood. `allow`: a client may send the id of a document of the
 * manifest instead of its text. `require`: nothing but documents of the manifest runs, unless an
 * admin asks.
 */
export type DocumentMode = 'off' | 'allow' | 'require'

export interface DocumentRequest {
  readonly query?: string | undefined
  /** As the GraphQL-over-HTTP draft has it (Appendix A): `sha256:` and 64 hexadecimal digits. */
  readonly documentId?: string | undefined
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

export interface FoundDocument {
  readonly query: string
  /** Whether it stands in the manifest, under whatever name it was asked for. */
  readonly isTrusted: boolean
}

export interface TrustedDocuments {
  /**
   * The document that a request is about.
   *
   * @throws AppError `PERSISTED_QUERY_NOT_FOUND` for an id that nobody knows: the client may send the
   * text instead; `PERSISTED_QUERY_NOT_SUPPORTED` where ids are not understood; `BAD_REQUEST` for
   * what is no id, and for a text that has not the hash that it is said to have
   */
  find(request: DocumentRequest): FoundDocument
  /**
   * Refuses what may not run in this mode.
   * @throws AppError `DOCUMENT_NOT_TRUSTED`
   */
  check(found: FoundDocument, isAdmin: boolean): void
  /** Whether `check` would refuse it of anybody but an admin. */
  needsAdmin(found: FoundDocument): boolean
}

export interface TrustedDocumentsOptions {
  readonly mode: DocumentMode
  /** Documents by their ids. */
  readonly manifest: ReadonlyMap<string, string>
  /** Automatic persisted queries: what clients send with its hash is kept, and found by it. */
  readonly automatic: boolean
}

/** Of what clients register: a few thousand small documents, or some tens of large ones. */
const mostRegisteredBytes = 4 * 1_024 * 1_024
const mostRegistered = 5_000

export function createTrustedDocuments(options: TrustedDocumentsOptions): TrustedDocuments {
  const { mode, manifest, automatic } = options
  const isOff = mode === 'off' && !automatic
  const trusted = new Set(mode === 'off' ? [] : manifest.values())
  // Of this process alone: another that does not know an id asks for the text once.
  const registered = new LRUCache<string, string>({
    max: mostRegistered,
    maxSize: mostRegisteredBytes,
    sizeCalculation: (text) => Math.max(1, Buffer.byteLength(text)),
  })
  const needsAdmin = ({ isTrusted }: FoundDocument) => mode === 'require' && !isTrusted

  return {
    find(request) {
      const { query } = request
      const id = idOf(request)
      if (id === null) {
        if (query === undefined) {
          throw new AppError('BAD_REQUEST', '"query" must be a GraphQL document')
        }
        return found(query)
      }
      if (isOff) {
        throw new AppError('PERSISTED_QUERY_NOT_SUPPORTED', 'Send the document itself as "query"')
      }
      return found(query === undefined ? byId(id) : register(id, query))
    },
    needsAdmin,
    check(document, isAdmin) {
      if (isAdmin || !needsAdmin(document)) return
      throw new AppError('DOCUMENT_NOT_TRUSTED', 'Only documents that are known here may be run')
    },
  }

  function found(query: string): FoundDocument {
    return { query, isTrusted: trusted.has(query) }
  }

  function byId(id: string): string {
    const known = (mode === 'off' ? undefined : manifest.get(id)) ?? registered.get(id)
    if (known !== undefined) return known
    // The message that clients of automatic persisted queries look for.
    throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
  }

  function register(id: string, query: string): string {
    if (`sha256:${hash('sha256', query)}` !== id) {
      throw new AppError('BAD_REQUEST', 'The id of the document is not the SHA-256 of its text')
    }
    if (automatic && !manifest.has(id)) registered.set(id, query)
    return query
  }
}

const sha256Id = /^sha256:[\da-f]{64}$/

function idOf({ documentId, extensions }: DocumentRequest): string | null {
  if (documentId !== undefined) return checkId(documentId, '"documentId"')
  const persisted = extensions?.persistedQuery
  if (persisted === undefined || persisted === null) return null
  const { version, sha256Hash } = Object(persisted)
  if (version !== 1) {
    throw new AppError('BAD_REQUEST', '"extensions.persistedQuery.version" must be 1')
  }
  return checkId(`sha256:${String(sha256Hash)}`, '"extensions.persistedQuery.sha256Hash"')
}

function checkId(id: string, what: string): string {
  if (sha256Id.test(id)) return id
  throw new AppError('BAD_REQUEST', `${what} must be a SHA-256 in 64 lower case hexadecimal digits`)
}

/**
 * Reads a manifest: a JSON object of documents by their ids.
 *
 * @throws Error when it is none, or an id is not the hash of its document: what is trusted by its hash
 * must have it
 */
export async function readManifest(path: string): Promise<ReadonlyMap<string, string>> {
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'))
  const documents = new Map<string, string>()
  for (const [id, text] of Object.entries(Object(parsed))) {
    if (typeof text !== 'string' || `sha256:${hash('sha256', text)}` !== id) {
      throw new Error(`"${id.slice(0, 80)}" in ${path} is not the hash of its document`)
    }
    documents.set(id, text)
  }
  return documents
}
