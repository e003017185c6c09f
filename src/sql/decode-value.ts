import { parse as parseArray } from 'postgres-array'

/** Turns what PostgreSQL printed into the value that `Queryable` promises. */
export type Decoder = (text: string) => unknown

const scalarTypes: readonly (readonly [oid: number, arrayOid: number, decode: Decoder])[] = [
  [16, 1000, (text) => text === 't'], // bool
  [17, 1001, decodeBytes], // bytea
  [20, 1016, (text) => BigInt(text)], // int8
  [21, 1005, (text) => Number(text)], // int2
  [23, 1007, (text) => Number(text)], // int4
  [700, 1021, (text) => Number(text)], // float4
  [701, 1022, (text) => Number(text)], // float8
  [114, 199, (text) => JSON.parse(text)], // json
  [3802, 3807, (text) => JSON.parse(text)], // jsonb
]

const arraysOfText: readonly number[] = [
  1002, // "char"
  1003, // name
  1009, // text
  1014, // bpchar
  1015, // varchar
  1028, // oid
  1041, // inet
  651, // cidr
  143, // xml
  2951, // uuid
  1231, // numeric
  791, // money
  1182, // date
  1183, // time
  1270, // timetz
  1115, // timestamp
  1185, // timestamptz
  1187, // interval
  1561, // bit
  1563, // varbit
]

/**
 * The decoder of each built-in type that does not stay text, by its oid (fixed in `pg_type.dat`).
 * A type that is not listed, an enum or a range say, stays as PostgreSQL printed it, and so does an
 * array of such a type: a statement that wants it as an array casts it to `text[]`.
 */
export const decoders: ReadonlyMap<number, Decoder> = createDecoders()

function createDecoders(): Map<number, Decoder> {
  const result = new Map<number, Decoder>()
  for (const [oid, arrayOid, decode] of scalarTypes) {
    result.set(oid, decode)
    result.set(arrayOid, (text) => parseArray(text, decode))
  }
  for (const arrayOid of arraysOfText) result.set(arrayOid, (text) => parseArray(text))
  return result
}

/** Expects `bytea_output = hex`, which every session of ours sets. */
function decodeBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
}
