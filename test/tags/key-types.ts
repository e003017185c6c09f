import { type ColumnType, enumType } from './key-tables.ts'

const text: ColumnType = { sqlType: 'text', type: 'String' }
const varchar: ColumnType = { sqlType: 'varchar', type: 'String' }
const char: ColumnType = { sqlType: 'bpchar', type: 'String' }
const int2: ColumnType = { sqlType: 'int2', type: 'Int' }
const int4: ColumnType = { sqlType: 'int4', type: 'Int' }
const int8: ColumnType = { sqlType: 'int8', type: 'BigInt' }
const date: ColumnType = { sqlType: 'date', type: 'DateTime' }
const timestamp: ColumnType = { sqlType: 'timestamp', type: 'DateTime' }
const numeric: ColumnType = { sqlType: 'numeric', type: 'Decimal' }
const kind: ColumnType = { sqlType: `"${enumType.dbName}"`, type: enumType.name, isEnum: true }

const texts = [
  'a',
  'A',
  'a,b',
  'a/note',
  'x=y',
  '*',
  '~',
  '',
  ' ',
  "it's",
  'é',
  'e\u0301',
  '1',
  '{}',
]
const times = ['00:00:00', '00:00:00.1', '23:59:59.999999', '24:00:00']
const days = ['2026-01-01', '0001-01-01', '0044-03-15 BC', '12026-01-31', 'infinity', '-infinity']
const moments = [
  ...['2026-01-01 00:00:00', '2026-01-01 00:00:00.1', '2026-01-01 00:00:00.000001'],
  ...['9999-12-31 23:59:59.999999', '12026-01-31 10:00:00.5', '0044-03-15 12:00:00 BC', 'infinity'],
]

export interface Pair {
  readonly parent: ColumnType
  readonly child?: ColumnType
  /** As PostgreSQL takes them. */
  readonly keys: readonly string[]
}

/** Keys that read the same wherever they are printed: a tag names their set. */
export const named: Readonly<Record<string, Pair>> = {
  uuid: {
    parent: { sqlType: 'uuid', type: 'String' },
    keys: ['00000000-0000-7000-8000-00000000000a', 'ABCDEF00-0000-7000-8000-00000000000F'],
  },
  int2: { parent: int2, keys: ['0', '-1', '32767'] },
  int4: { parent: int4, keys: ['0', '-1', '2147483647'] },
  int8: { parent: int8, keys: ['0', '-1', '9007199254740993', '-9223372036854775808'] },
  bool: { parent: { sqlType: 'bool', type: 'Boolean' }, keys: ['true', 'false'] },
  text: { parent: text, keys: texts },
  varchar: { parent: varchar, keys: texts },
  enum: { parent: kind, keys: enumType.members },
  date: { parent: date, keys: days },
  time: { parent: { sqlType: 'time', type: 'DateTime' }, keys: times },
  timestamp: { parent: timestamp, keys: moments },
  timestamptz: { parent: { sqlType: 'timestamptz', type: 'DateTime' }, keys: moments },
  int4_in_int8: { parent: int4, child: int8, keys: ['0', '-1', '7'] },
  text_in_varchar: { parent: text, child: varchar, keys: texts },
}

/** Keys that may be printed in several ways, or differently on the two sides: no tag names their set. */
export const unnamed: Readonly<Record<string, Pair>> = {
  numeric: { parent: numeric, keys: ['1', '1.50', '-0.0', '1e3'] },
  float8: { parent: { sqlType: 'float8', type: 'Float' }, keys: ['1', '0.1', '1e300'] },
  bpchar: { parent: char, keys: ['a', 'b '] },
  bytea: { parent: { sqlType: 'bytea', type: 'Bytes' }, keys: ['\\x00ff', '\\x'] },
  date_in_timestamp: { parent: date, child: timestamp, keys: ['2026-01-01', '2026-01-02'] },
  int4_in_numeric: { parent: int4, child: numeric, keys: ['1', '2'] },
  numeric_in_int4: { parent: numeric, child: int4, keys: ['1.0', '2'] },
}
