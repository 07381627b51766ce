/** Columns as data sets really store them: every width, decimals, zones, enumerations; engines against the tree's reading. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Expr, Relation, ScalarName } from '../../src/ask/ir.ts';
import type { PolicyColumn } from '../../src/policy/index.ts';
import type { Cell } from './cells.ts';
import { interpret } from './interpreter/relation.ts';
import { valueText } from './statistics.ts';
import { call, cast, filter, inList, item, literal, project, ref, table } from './tree.ts';
import { openWorld, type World } from './world.ts';

interface Stored {
  readonly stored: string;
  readonly type: PolicyColumn['type'];
  readonly cells: readonly Cell[];
  /** Constants to compare with. */
  readonly against: readonly Cell['value'][];
}

const at = (sql: string, value: Cell['value']): Cell => ({ sql, value });
const whole = (...values: readonly bigint[]): Cell[] => values.map((value) => at(`${value}`, value));
const moment = (text: string): bigint => BigInt(Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)) * 1000n;

const COLUMNS: Readonly<Record<string, Stored>> = {
  tinyint: { stored: 'TINYINT', type: 'integer', cells: whole(-128n, 127n, 0n), against: [127n, 128n, -200n] },
  usmallint: { stored: 'USMALLINT', type: 'integer', cells: whole(0n, 65535n), against: [65535n, -1n, 70000n] },
  uinteger: { stored: 'UINTEGER', type: 'integer', cells: whole(0n, 4294967295n), against: [4294967295n, -1n] },
  ubigint: {
    stored: 'UBIGINT',
    type: 'integer',
    cells: [...whole(0n, 2n ** 63n - 1n), at('18446744073709551615', null)],
    against: [0n, 7n, 2n ** 63n - 1n],
  },
  hugeint: {
    stored: 'HUGEINT',
    type: 'integer',
    cells: [...whole(-(2n ** 63n), 2n ** 63n - 1n), at('9223372036854775808', null), at('-170141183460469231731687303715884105727', null)],
    against: [0n, 7n, -(2n ** 63n)],
  },
  decimal0: {
    stored: 'DECIMAL(30,0)',
    type: 'integer',
    cells: [...whole(12n, -12n), at('99999999999999999999', null)],
    against: [12n, 0n],
  },
  decimal: {
    stored: 'DECIMAL(18,3)',
    type: 'double',
    cells: [at('0.1', 0.1), at('-2.675', -2.675), at('123456789012.125', 123456789012.125), at('0', 0)],
    against: [0.1, 0.15, 0.1004, -2.675],
  },
  float: {
    stored: 'FLOAT',
    type: 'double',
    cells: [at('0.1', Math.fround(0.1)), at('16777217', 16777216), at("'nan'", null), at("'-inf'", -Infinity), at('0', 0)],
    against: [0.1, Math.fround(0.1), 16777217, 0.10000000001],
  },
  bigdouble: { stored: 'BIGINT', type: 'double', cells: [at('9007199254740993', 9007199254740992)], against: [9007199254740992] },
  hugedouble: { stored: 'HUGEINT', type: 'double', cells: [at('18446744073709551616', 2 ** 64)], against: [2 ** 64, 1e30] },
  enumeration: {
    stored: "ENUM('b', 'a', 'ä')",
    type: 'text',
    cells: [at("'a'", 'a'), at("'b'", 'b'), at("'ä'", 'ä')],
    against: ['a', 'c', 'ä', ''],
  },
  uuid: {
    stored: 'UUID',
    type: 'text',
    cells: [at("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')],
    against: ['a', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'],
  },
  seconds: {
    stored: 'TIMESTAMP_S',
    type: 'timestamp',
    cells: [at("'2020-01-01 10:00:00'", moment('2020-01-01 10:00:00')), at("'-infinity'", null)],
    against: [moment('2020-01-01 10:00:00'), moment('2020-01-01 10:00:00') + 500_000n],
  },
  millis: {
    stored: 'TIMESTAMP_MS',
    type: 'timestamp',
    cells: [at("'2020-01-01 10:00:00.5'", moment('2020-01-01 10:00:00') + 500_000n)],
    against: [moment('2020-01-01 10:00:00') + 500_000n, moment('2020-01-01 10:00:00') + 500_400n],
  },
  nanos: {
    stored: 'TIMESTAMP_NS',
    type: 'timestamp',
    cells: [
      at("'2020-01-01 10:00:00.000001999'", moment('2020-01-01 10:00:00') + 1n),
      at("'1960-01-01 10:00:00'", moment('1960-01-01 10:00:00')),
    ],
    against: [moment('2020-01-01 10:00:00') + 1n, moment('0900-01-01 10:00:00'), moment('9000-01-01 10:00:00')],
  },
}; // biome-ignore format: one cell a line would hide the table

const ROWS = Math.max(...Object.values(COLUMNS).map(({ cells }) => cells.length)) + 1;
const COMPARISONS: readonly ScalarName[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'is-distinct', 'is-not-distinct'];

let world: World;
beforeAll(async () => {
  world = await openWorld({
    policy: {
      gauze: 1,
      datasets: {
        net: {
          source: 'data.duckdb',
          unit: 'person.id',
          contribution: { groups: 2, rows: 3 },
          tables: {
            person: { unit: 'id', columns: { x: { type: 'integer' } } },
            stored: {
              public: true,
              columns: Object.fromEntries(Object.entries(COLUMNS).map(([name, { type }]) => [name, { type }])),
            },
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
      stored: {
        columns: Object.fromEntries(
          Object.entries(COLUMNS).map(([name, { stored, type }]) => [name, { stored, type }]),
        ),
        rows: Array.from({ length: ROWS }, (_, row) =>
          Object.fromEntries(Object.entries(COLUMNS).map(([name, { cells }]) => [name, cells[row] ?? null])),
        ),
      },
    },
  });
});
afterAll(() => world.close());

it.each(Object.keys(COLUMNS))('%s', async (name) => {
  const { type, against } = COLUMNS[name] as Stored;
  const rows = table('net', 'stored', { [name]: type });
  const x = ref(rows.by[name] as never);
  const constants = against.map((value) => literal(value, type));
  const made: Expr[] = [
    x,
    cast(x, 'text'),
    call('is-null', [x]),
    inList(x, constants),
    inList(x, constants, true),
    ...COMPARISONS.flatMap((fn) =>
      constants.flatMap((one) => [call(fn, [x, one]), call(fn, [one, x]), call(fn, [x, x])]),
    ),
    ...constants.flatMap((one) => [call('least', [x, one]), call('greatest', [x, one]), call('nullif', [x, one])]),
    ...(type === 'integer' || type === 'double'
      ? constants.flatMap((one) => [
          call('add', [x, one]),
          call('multiply', [x, one]),
          call('divide', [x, one], 'double'),
        ])
      : []),
  ];
  await check(
    project(
      rows,
      made.map((expr, index) => item(`e${index}`, expr)),
    ),
  );
  for (const condition of made.filter((expr) => expr.type === 'boolean')) {
    await check(project(filter(rows, condition), [item('x', x)]));
  }
});

async function check(relation: Relation): Promise<void> {
  const expected = interpret(relation, world.database).map((row) => row.map(valueText));
  for (const engine of world.engines) {
    const { values } = await engine.readPublic(relation, {});
    const found = (values[0] ?? []).map((_, row) => values.map((column) => valueText(column[row] ?? null)));
    expect(found, engine.name).toEqual(expected);
  }
}
