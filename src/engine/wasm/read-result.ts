/** Arrow IPC streams as the columns that engines hand over. */
import { type DataType, Type, tableFromIPC, type Vector } from 'apache-arrow';
import { invariant } from '../../errors.ts';
import type { RawColumn, RawResult } from '../columns.ts';
import type { Transport } from '../dialect/transport.ts';

/** Reads a result; a column travels as its transport says, integers narrower than 64 bits are widened. */
export function readResult(pieces: readonly Uint8Array[], transports: readonly Transport[]): RawResult {
  const table = tableFromIPC([...pieces]);
  return {
    rows: table.numRows,
    columns: transports.map((transport, index) => {
      const column = table.getChildAt(index);
      invariant(column !== null, 'a result has the columns that were printed');
      return transport === 'bigint' ? readIntegers(column) : readOthers(column);
    }),
  };
}

/** Rows of a small result as plain values, for catalogs. */
export function readRows(stream: Uint8Array): readonly (readonly unknown[])[] {
  const table = tableFromIPC(stream);
  const columns = table.schema.fields.map((_, index) => table.getChildAt(index));
  return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column?.get(row) ?? null));
}

/** The same by column name, as text a person reads: days as ISO dates, whole numbers with all their digits. */
export function rowsAsText(stream: Uint8Array): readonly Readonly<Record<string, string | null>>[] {
  const table = tableFromIPC(stream);
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(
      table.schema.fields.map(({ name, typeId }, index) => {
        const value: unknown = table.getChildAt(index)?.get(row) ?? null;
        if (value === null) return [name, null];
        return [name, typeId === Type.Date ? new Date(value as number).toISOString().slice(0, 10) : String(value)];
      }),
    ),
  );
}

function readIntegers(column: Vector): RawColumn {
  const integers = new BigInt64Array(column.length);
  let missing: Uint8Array | null = null;
  let start = 0;
  for (const { values, length, nullCount, typeId } of column.data) {
    if (typeId === Type.Int && values instanceof BigInt64Array && nullCount === 0) {
      integers.set(values.subarray(0, length), start);
    } else {
      for (let row = start; row < start + length; row++) {
        const value: bigint | number | null = column.get(row);
        if (value !== null) integers[row] = BigInt(value);
        else {
          missing ??= new Uint8Array(column.length);
          missing[row] = 1;
        }
      }
    }
    start += length;
  }
  return { kind: 'integers', integers, missing };
}

function readOthers(column: Vector<DataType>): RawColumn {
  const others = new Array<string | number | boolean | null>(column.length);
  for (let row = 0; row < others.length; row++) others[row] = column.get(row);
  return { kind: 'others', others };
}
