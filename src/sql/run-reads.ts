import type { Connection, Submittable } from 'pg'
import type { RawRow, Statement } from './database.ts'
import { type Decoder, decoders } from './decode-value.ts'
import { type WireValue, wireValues } from './wire-value.ts'

/** A statement that is to be run, with its values as they are sent. */
export interface Read {
  readonly statement: Statement
  readonly values: readonly WireValue[]
}

/** Null: it was not run, as one before it failed. */
export type ReadOutcome = { readonly rows: readonly RawRow[] } | { readonly error: unknown } | null

/** Where statements are sent: a client of pg. */
export interface ReadingClient {
  query(reads: Submittable): unknown
}

/**
 * The rows of one statement on one connection, as `Queryable` promises them. With a name it stays
 * prepared there.
 */
export async function runRead(
  client: ReadingClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly RawRow[]> {
  const [outcome] = await runReads(client, [{ statement, values: wireValues(values) }])
  if (outcome && 'rows' in outcome) return outcome.rows
  throw outcome?.error
}

/**
 * Runs statements one after the other, in one round trip. When one fails, those after it are not
 * run. Never rejects.
 */
export function runReads(
  client: ReadingClient,
  reads: readonly Read[],
): Promise<readonly ReadOutcome[]> {
  return new Promise((resolve) => {
    client.query(new Reads(reads, resolve))
  })
}

/** How to decode each column of a statement; null where the text is the value. */
type Columns = readonly (Decoder | null)[]

/** The columns of what each connection has prepared, by name. */
const described = new WeakMap<ProtocolWriter, Map<string, Columns>>()

/**
 * Statements as pg runs them, in place of pg's own: that one copies its configuration, asks for the
 * columns each time and makes every row twice, which costs more than all else on the way to the
 * server. Here a prepared statement is described once for each connection, which is right: the server
 * refuses to run one whose columns have changed (0A000).
 *
 * It is told of rows by method, not through a promise that pg makes itself: that one keeps a
 * statement's rows alive through every collection of young objects.
 */
class Reads implements Submittable {
  readonly #reads: readonly Read[]
  readonly #settle: (outcomes: readonly ReadOutcome[]) => void
  readonly #columns: (Columns | null)[]
  readonly #outcomes: ReadOutcome[]
  #rows: unknown[][] = []
  #failure: { readonly error: unknown } | null = null
  #described: Map<string, Columns> = nothingDescribed
  /** The one that is being answered. */
  #at = 0

  constructor(reads: readonly Read[], settle: (outcomes: readonly ReadOutcome[]) => void) {
    this.#reads = reads
    this.#settle = settle
    this.#columns = reads.map(() => null)
    this.#outcomes = reads.map(() => null)
  }

  /** Of the one that is being answered: pg notes by it what the connection has parsed. */
  get name(): string {
    return this.#reads[this.#at]?.statement.name ?? ''
  }

  get text(): string {
    return this.#reads[this.#at]?.statement.text ?? ''
  }

  submit(untyped: Connection): void {
    const connection = untyped as unknown as ProtocolWriter
    this.#described = describedOn(connection)
    const sent = new Set<string>()
    // One write for all messages.
    connection.stream.cork()
    for (const [index, { statement, values }] of this.#reads.entries()) {
      const { name, text } = statement
      const isParsed =
        name !== '' && (sent.has(name) || connection.parsedStatements[name] !== undefined)
      const columns = name === '' ? null : (this.#described.get(name) ?? null)
      this.#columns[index] = columns
      if (!isParsed) connection.parse({ name, text, types: [] })
      sent.add(name)
      connection.bind({ portal: '', statement: name, values })
      if (!columns) connection.describe({ type: 'P', name: '' })
      connection.execute({ portal: '', rows: 0 })
    }
    connection.sync()
    connection.stream.uncork()
  }

  handleRowDescription({ fields }: { readonly fields: readonly { dataTypeID: number }[] }): void {
    const columns = fields.map(({ dataTypeID }) => decoders.get(dataTypeID) ?? null)
    this.#columns[this.#at] = columns
    if (this.name !== '') this.#described.set(this.name, columns)
  }

  handleDataRow({ fields }: { readonly fields: unknown[] }): void {
    const columns = this.#columns[this.#at] ?? []
    try {
      for (let index = 0; index < columns.length; index += 1) {
        const decode = columns[index]
        const value = fields[index]
        if (decode && value !== null) fields[index] = decode(value as string) // text, as was asked for
      }
    } catch (error) {
      this.#failure ??= { error }
    }
    // The message's own array: nobody else is given it.
    this.#rows.push(fields)
  }

  handleCommandComplete(): void {
    this.#outcomes[this.#at] = this.#failure ?? { rows: this.#rows }
    this.#failure = null
    this.#rows = []
    this.#at += 1
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete()
  }

  handleError(error: Error): void {
    // Of one that has been answered already, it says nothing.
    if (this.#at < this.#outcomes.length) this.#outcomes[this.#at] = { error }
    this.#settle(this.#outcomes)
  }

  handleReadyForQuery(): void {
    this.#settle(this.#outcomes)
  }

  handleCopyInResponse(connection: ProtocolWriter): void {
    connection.sendCopyFail('A read sends nothing')
  }

  handleCopyData(): void {}
}

const nothingDescribed = new Map<string, Columns>()

/** Of pg's connection what a statement needs to be sent; pg declares some of it, and other types. */
interface ProtocolWriter {
  readonly stream: { cork(): void; uncork(): void }
  /** The text of each name that the server knows. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>
  parse(message: {
    readonly name: string
    readonly text: string
    readonly types: readonly number[]
  }): void
  bind(message: {
    readonly portal: string
    readonly statement: string
    readonly values: readonly WireValue[]
  }): void
  describe(message: { readonly type: 'P'; readonly name: string }): void
  execute(message: { readonly portal: string; readonly rows: number }): void
  sync(): void
  sendCopyFail(message: string): void
}

function describedOn(connection: ProtocolWriter): Map<string, Columns> {
  const known = described.get(connection)
  if (known) return known
  const made = new Map<string, Columns>()
  described.set(connection, made)
  return made
}
