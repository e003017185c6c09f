import type { Connection } from 'pg'
import { Parser } from 'pg-protocol/dist/parser.js'

/** Of a message that the server sends, what its handlers need. */
interface Message {
  readonly name: string
}

/** pg-protocol's parser with the one method that is replaced here, which it declares private. */
interface ProtocolParser {
  parse(chunk: Buffer, take: (message: Message) => void): void
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message
}

const PacketParser = Parser as unknown as new () => ProtocolParser

/** The byte that begins a row's message. */
const dataRow = 0x44

/**
 * Reads rows as pg-protocol does, in a third of the time: the text of a short row is made at once, and
 * its values cut out of it, where that one asks for the text of each value. It is the text of a row and
 * not of a chunk, as a value that is kept keeps all that it was cut out of.
 */
export class RowParser extends PacketParser {
  override handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message {
    if (code !== dataRow) return super.handlePacket(offset, code, length, bytes)
    return new Row(readFields(bytes, offset, offset + length - lengthBytes))
  }
}

/** What pg is told of a row. */
class Row implements Message {
  readonly name = 'dataRow'
  readonly fields: (string | null)[]

  constructor(fields: (string | null)[]) {
    this.fields = fields
  }
}

/** Of the length of a message, which counts itself. */
const lengthBytes = 4

/** Longer rows are read value by value, longer values by themselves. */
const shortRowBytes = 1_024
const shortValueBytes = 128

function readFields(bytes: Buffer, start: number, end: number): (string | null)[] {
  const isShort = end - start <= shortRowBytes
  const text = isShort ? bytes.toString('latin1', start, end) : ''
  const fields = new Array<string | null>(bytes.readUInt16BE(start))
  let at = start + 2
  for (let index = 0; index < fields.length; index += 1) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length === -1) {
      fields[index] = null
      continue
    }
    const next = at + length
    fields[index] =
      isShort && length <= shortValueBytes && isAscii(bytes, at, next)
        ? text.slice(at - start, next - start)
        : bytes.toString('utf8', at, next)
    at = next
  }
  return fields
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  let all = 0
  for (let at = start; at < end; at += 1) all |= bytes[at] ?? 0
  return all < 0x80
}

/** Has a connection read its rows so; to be called before it connects. */
export function readRowsAtOnce(connection: Connection): void {
  // pg has these, and does not declare them.
  const own = connection as unknown as {
    attachListeners(stream: NodeJS.ReadableStream): void
    readonly _emitMessage: boolean
    emit(name: string, message: Message): void
  }
  own.attachListeners = (stream) => {
    const parser = new RowParser()
    const take = (message: Message) => {
      if (own._emitMessage) own.emit('message', message)
      own.emit(message.name === 'error' ? 'errorMessage' : message.name, message)
    }
    stream.on('data', (chunk: Buffer) => parser.parse(chunk, take))
  }
}
