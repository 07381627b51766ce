/** Values that break naive SQL. */

import type { PolicyColumn } from '../../src/policy/policy.ts';
import type { Raw } from './cells.ts';
import type { WorldParts, WorldTable } from './world.ts';

const DAY = 86_400_000_000n;

export const HOSTILE: Readonly<Record<PolicyColumn['type'], readonly Raw[]>> = {
  integer: [
    null, 0n, 1n, -1n, 2n, 3n, 7n, -7n, 10n, 15n, -15n, 25n, 100n, 4503599627370497n, 9007199254740993n,
    2147483647n, -2147483648n, 3037000500n, 4611686018427387904n, 9223372036854775807n, -9223372036854775807n,
    -9223372036854775808n,
  ],
  double: [
    null, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 0.3, 2.675, 1e-5, 1e15, 1e16, 123456789.125, 5e-324, 1e308,
    -1.7976931348623157e308, 9007199254740992, 2 ** 63, -(2 ** 63), 0.49999999999999994,
    Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY,
  ],
  text: [
    null, '', ' ', 'a', 'A', 'abc', 'abcabc', 'aXc', 'a%c', 'a_c', '%', '_', "it's", 'a"b', '\\', 'ä', 'Ä', 'ß', 'İ', 'ς',
    'e\u0301', '👩‍👩‍👧', '\u{10FFFF}', '\uFFFD', ' 12 ', '12', '-7', '12.5', '1e3', '1e400', '0x1F', 'inf', 'nan', 'true', 'F',
    'yes', '2020-02-29', '2021-02-29', '2020-01-31 23:59:59.999999', '0001-01-01', '9999-12-31', '10000-01-01', 'infinity',
    '\u00a0x\u00a0', '\tx\n', ';DROP TABLE t', '$1', '9223372036854775808', '-9223372036854775808',
  ],
  boolean: [null, true, false],
  date: [
    null, 0, -1, 1, 18262, 18321, 18322, 18687, 11016, -25567, -719162, -719161, 2932896, 2932895, 2932897, -719163,
    'infinite', 'BC', 5, -3, 4, 3,
  ],
  timestamp: [
    null, 0n, -1n, 1n, -DAY, 18262n * DAY, 18321n * DAY + 86_399_999_999n, -719162n * DAY, 2932897n * DAY - 1n,
    2932897n * DAY, -719162n * DAY - 1n, 'infinite', 'BC', -3_600_000_001n, 3_599_999_999n,
  ],
}; // biome-ignore format: lists of values

const ROWS = 61;
const TYPES = ['integer', 'double', 'text', 'boolean', 'date', 'timestamp'] as const;
const STORED = {
  integer: 'BIGINT',
  double: 'DOUBLE',
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** A table with two columns of each type in which every hostile value meets many others, and a row number. */
export function hostileTable(): WorldTable {
  const numbers = Array.from({ length: ROWS }, (_, row) => row);
  const columns = TYPES.flatMap((type) => [0, 1].map((which) => [`${type}${which}`, type] as const));
  const at = (type: (typeof TYPES)[number], name: string, row: number): Raw => {
    const values = HOSTILE[type];
    const index = name.endsWith('0') ? row : row * 7 + Math.floor(row / 5);
    return values[index % values.length] as Raw;
  };
  return {
    columns: {
      row: { stored: 'BIGINT', type: 'integer' },
      small: { stored: 'TINYINT', type: 'integer' },
      ...Object.fromEntries(columns.map(([name, type]) => [name, { stored: STORED[type], type }])),
    },
    rows: numbers.map((row) => ({
      row: BigInt(row),
      small: row % 5 === 0 ? null : BigInt((row * 37) % 256) - 128n,
      ...Object.fromEntries(columns.map(([name, type]) => [name, at(type, name, row)])),
    })),
  };
}

/** Columns of the hostile table, for trees. */
export const HOSTILE_COLUMNS: Readonly<Record<string, PolicyColumn['type']>> = {
  row: 'integer',
  small: 'integer',
  ...Object.fromEntries(TYPES.flatMap((type) => [`${type}0`, `${type}1`].map((name) => [name, type]))),
};

/** The hostile table as a public one, beside a protected table that a policy cannot do without. */
export function hostileWorld(): WorldParts {
  const columns = Object.fromEntries(Object.entries(HOSTILE_COLUMNS).map(([name, type]) => [name, { type }]));
  return {
    policy: {
      gauze: 1,
      datasets: {
        net: {
          source: 'data.duckdb',
          unit: 'person.id',
          contribution: { groups: 2, rows: 3 },
          tables: {
            person: { unit: 'id', columns: { x: { type: 'integer' } } },
            hostile: { public: true, columns },
          },
        },
      },
      principals: { tester: { budgets: [{ dataset: 'net', epsilon: 1 }] } },
    },
    tables: {
      person: {
        columns: { id: { stored: 'BIGINT', type: 'key' }, x: { stored: 'BIGINT', type: 'integer' } },
        rows: [],
      },
      hostile: hostileTable(),
    },
  };
}
