import pg from 'pg'

/** The part of pg's connection that COPY needs, which its types leave out. */
interface CopyConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** Runs `COPY ... FROM STDIN` with these lines, on a connection of its own. */
export async function copyIn(url: string, text: string, lines: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await new Promise<void>((resolve, reject) => {
      client.query({
        submit: (connection: unknown) => (connection as CopyConnection).query(text),
        handleCopyInResponse(connection: CopyConnection) {
          connection.sendCopyFromChunk(Buffer.from(`${lines.join('\n')}\n`))
          connection.endCopyFrom()
        },
        handleCommandComplete() {},
        handleReadyForQuery: () => resolve(),
        handleError: reject,
      } as pg.Submittable) // with the handlers that pg calls
    })
  } finally {
    await client.end()
  }
}
