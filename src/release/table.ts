/** Released columns as an Arrow table, built from whole buffers; nothing of the engine's memory is in it. */
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import type { SqlType, Value } from '../ask/types.ts';
import type { ReleasedColumn } from './release.ts';

/**
 * One record batch: text as Utf8, integer as Int64, double as Float64, boolean as Bool, date as Date32, timestamp as
 * microseconds without zone.
 *
 * @param columns - equal lengths, names distinct
 * @param metadata - of the schema
 */
export function makeTable(columns: readonly ReleasedColumn[], metadata: Readonly<Record<string, string>>): Table {
  const length = columns[0]?.values.length ?? 0;
  const children = columns.map((column) => dataOf(column.type, column.values));
  const fields = columns.map((column, index) => new Field(column.name, (children[index] as Data).type, true));
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const struct = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, struct)]);
}

function dataOf(type: SqlType, values: readonly Value[]): Data<DataType> {
  const { length } = values;
  const { nullCount, nullBitmap } = validity(values);
  const common = nullCount === 0 ? { length, nullCount } : { length, nullCount, nullBitmap };
  switch (type) {
    case 'integer':
      return makeData({ type: new Int64(), ...common, data: integers(values) });
    case 'timestamp':
      return makeData({ type: new TimestampMicrosecond(), ...common, data: integers(values) });
    case 'double':
      return makeData({
        type: new Float64(),
        ...common,
        data: Float64Array.from(values, (value) => Number(value ?? 0)),
      });
    case 'date':
      return makeData({ type: new DateDay(), ...common, data: Int32Array.from(values, (value) => Number(value ?? 0)) });
    case 'boolean':
      return makeData({ type: new Bool(), ...common, data: bitsOf(values, (value) => value === true) });
    default: {
      const { bytes, valueOffsets } = texts(values);
      return makeData({ type: new Utf8(), ...common, valueOffsets, data: bytes });
    }
  }
}

function validity(values: readonly Value[]): { readonly nullCount: number; readonly nullBitmap: Uint8Array } {
  let nullCount = 0;
  for (const value of values) if (value === null) nullCount += 1;
  if (nullCount === 0) return { nullCount, nullBitmap: new Uint8Array(0) };
  return { nullCount, nullBitmap: bitsOf(values, (value) => value !== null) };
}

/** One bit a row, least significant first. */
function bitsOf(values: readonly Value[], holds: (value: Value) => boolean): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, row) => {
    if (holds(value)) bits[row >> 3] = bits[row >> 3]! | (1 << (row & 7));
  });
  return bits;
}

function integers(values: readonly Value[]): BigInt64Array {
  const data = new BigInt64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value === 'bigint') data[row] = value;
  }
  return data;
}

/** Bytes and offsets of all texts, encoded at one go. */
function texts(values: readonly Value[]): { readonly bytes: Uint8Array; readonly valueOffsets: Int32Array } {
  const strings = values.map((value) => (typeof value === 'string' ? value : ''));
  const units = strings.reduce((sum, text) => sum + text.length, 0);
  // A UTF-16 unit takes at most three bytes of UTF-8.
  const buffer = new Uint8Array(units * 3);
  const encoder = new TextEncoder();
  const valueOffsets = new Int32Array(values.length + 1);
  let at = 0;
  strings.forEach((text, row) => {
    at += put(text, buffer, at, encoder);
    valueOffsets[row + 1] = at;
  });
  return { bytes: buffer.slice(0, at), valueOffsets };
}

/** Short ASCII is copied directly: a call of the encoder costs more than the copy. */
function put(text: string, buffer: Uint8Array, at: number, encoder: TextEncoder): number {
  if (text.length < 32) {
    let unit = 0;
    for (; unit < text.length; unit++) {
      const code = text.charCodeAt(unit);
      if (code > 127) break;
      buffer[at + unit] = code;
    }
    if (unit === text.length) return unit;
  }
  return encoder.encodeInto(text, buffer.subarray(at)).written;
}
