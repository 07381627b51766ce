import { tableFromIPC, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SqlType, Value } from '../../src/ask/types.ts';
import { makeTable } from '../../src/release/table.ts';

const VALUES: Readonly<Partial<Record<SqlType, fc.Arbitrary<Value>>>> = {
  text: fc.string({ unit: 'grapheme', maxLength: 60 }),
  integer: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  double: fc.double({ noNaN: true }),
  boolean: fc.boolean(),
  date: fc.integer({ min: -700_000, max: 2_900_000 }),
  timestamp: fc.bigInt({ min: -(2n ** 55n), max: 2n ** 57n }),
};

/** Reads a cell back from the buffers, in our own terms. */
function cell(
  type: SqlType,
  vector: { get(row: number): unknown; isValid(row: number): boolean; data: readonly { values: ArrayLike<unknown> }[] },
  row: number,
): unknown {
  if (!vector.isValid(row)) return null;
  if (type === 'date' || type === 'timestamp') return vector.data[0]!.values[row];
  return vector.get(row);
}

it('Arrow tables hold what was released, through IPC', () => {
  const types = Object.keys(VALUES) as SqlType[];
  const rows = fc.array(
    fc.record(Object.fromEntries(types.map((type) => [type, fc.option(VALUES[type]!, { nil: null })]))),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rows, (records) => {
      const columns = types.map((type) => ({
        name: `the ${type}`,
        type,
        noisy: false,
        values: records.map((record) => record[type]!),
      }));
      const table = tableFromIPC(tableToIPC(makeTable(columns, { 'gauze.plan': 'x' }), 'stream'));
      expect(table.numRows).toBe(records.length);
      expect(table.schema.metadata.get('gauze.plan')).toBe('x');
      expect(table.schema.fields.map((field) => `${field.name}:${field.type}`)).toEqual([
        'the text:Utf8',
        'the integer:Int64',
        'the double:Float64',
        'the boolean:Bool',
        'the date:Date32<DAY>',
        'the timestamp:Timestamp<MICROSECOND>',
      ]);
      for (const column of columns) {
        const vector = table.getChild(column.name)!;
        expect(column.values.map((_, row) => cell(column.type, vector as never, row))).toEqual(column.values);
      }
    }),
  );
});

it('a table without rows or without columns is still a table', () => {
  expect(makeTable([{ name: 'n', type: 'integer', noisy: true, values: [] }], {}).numRows).toBe(0);
  expect(makeTable([], {}).numCols).toBe(0);
});
