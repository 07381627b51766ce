/** Every kind of relation, aggregate and window over hostile cells of every type: engines against the interpreter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateName, Expr, Frame, Relation, WindowName } from '../../src/ask/ir.ts';
import { HOSTILE_COLUMNS, hostileWorld } from './hostile.ts';
import { interpret } from './interpreter/relation.ts';
import { valueText } from './statistics.ts';
import {
  aggregate,
  aggregateItem,
  by,
  call,
  distinct,
  exists,
  filter,
  group,
  inRelation,
  item,
  join,
  limit,
  literal,
  project,
  ref,
  setOperation,
  sort,
  table,
  windowed,
} from './tree.ts';
import { openWorld, type World } from './world.ts';

const TYPES = ['integer', 'double', 'text', 'boolean', 'date', 'timestamp'] as const;
const PAIRS = TYPES.flatMap((type) => TYPES.map((key) => [type, key] as const));

let world: World;
beforeAll(async () => {
  world = await openWorld(hostileWorld());
});
afterAll(() => world.close());

function hostile(): ReturnType<typeof table> {
  return table('net', 'hostile', HOSTILE_COLUMNS);
}

/** Rows as text, in order or sorted. */
async function check(relation: Relation, ordered = false): Promise<void> {
  const finish = (rows: string[]): string[] => (ordered ? rows : rows.sort());
  const expected = finish(interpret(relation, world.database).map((row) => row.map(valueText).join(' | ')));
  for (const engine of world.engines) {
    const { values } = await engine.readPublic(relation, {});
    const found = (values[0] ?? []).map((_, row) => values.map((column) => valueText(column[row] ?? null)).join(' | '));
    expect(finish(found), engine.name).toEqual(expected);
  }
}

const AGGREGATES: Readonly<Record<AggregateName, readonly (typeof TYPES)[number][]>> = {
  'count-rows': [],
  count: TYPES,
  'count-distinct': TYPES,
  sum: ['integer', 'double'],
  avg: ['integer', 'double'],
  min: TYPES,
  max: TYPES,
  'bool-and': ['boolean'],
  'bool-or': ['boolean'],
  'arg-min': TYPES,
  'arg-max': TYPES,
  first: TYPES,
  mode: TYPES,
  'quantile-cont': ['double'],
  'quantile-disc': TYPES,
  'var-pop': ['double'],
  'var-samp': ['double'],
};

const FRACTIONS = [0, 0.25, 0.5, 0.9, 0.123456789012, 1];

/** What stands behind the argument: the value to order by, or each of several fractions. */
function argumentsOf(name: AggregateName, x: Expr, k: Expr): readonly (readonly Expr[])[] {
  if (name.startsWith('arg-')) return [[x, k]];
  return name.startsWith('quantile') ? FRACTIONS.map((fraction) => [x, literal(fraction)]) : [[x]];
}

describe('aggregates', () => {
  it.each(PAIRS)('of %s, in groups of %s', async (type, key) => {
    const rows = hostile();
    const x = ref(rows.by[`${type}1`] as never);
    const k = ref(rows.by[`${key}0`] as never);
    const positive = call('gt', [ref(rows.by.small as never), literal(0n)]);
    const names = (Object.keys(AGGREGATES) as AggregateName[]).filter((name) => AGGREGATES[name].includes(type));
    const row = ref(rows.by.row as never);
    const small = ref(rows.by.small as never);
    const orders = [[], [by(small)], [by(small, true, true)], [by(k, true), by(row)]];
    const calls = names.flatMap((name) =>
      argumentsOf(name, x, k).flatMap((args) =>
        (name === 'first' ? orders : [[]]).flatMap((order) =>
          [null, positive].map((where) => aggregateItem(name, aggregate(name, args, where, order))),
        ),
      ),
    );
    const counted = aggregateItem('n', aggregate('count-rows', []));
    await check(group(rows, [item('k', k)], [counted, ...calls]));
    await check(group(rows, [item('k', k), item('l', positive)], calls, [[0, 1], [1], []]));
    await check(group(filter(rows, literal(false)), [], [counted, ...calls]));
  });
});

const FRAMES: readonly (Frame | null)[] = [
  null,
  { start: null, end: null },
  { start: -2, end: 0 },
  { start: 1, end: 3 },
  { start: -3, end: -1 },
  { start: 0, end: null },
];

describe('windows', () => {
  it.each(PAIRS)('of %s, in the order of %s', async (type, key) => {
    const rows = hostile();
    const x = ref(rows.by[`${type}1`] as never);
    const k = ref(rows.by[`${key}0`] as never);
    const row = ref(rows.by.row as never);
    const partition = [call('modulo', [row, literal(3n)], 'integer')];
    const total = [by(k, true, true), by(row)];
    const ties = [by(k, false, false)];
    const framed: readonly WindowName[] = [
      'first-value',
      'last-value',
      'count',
      'min',
      'max',
      ...(type === 'integer' || type === 'double' ? (['sum', 'avg'] as const) : []),
    ];
    const made: Expr[] = [
      ...framed.flatMap((name) => FRAMES.map((frame) => windowed(name, [x], partition, total, frame))),
      windowed('count-rows', [], partition, total, { start: -1, end: 1 }),
      windowed('row-number', [], [], total),
      windowed('rank', [], partition, ties),
      windowed('dense-rank', [], [], ties),
      windowed('min', [x], partition, ties),
      windowed('count', [x], partition, []),
      windowed('lag', [x], partition, total),
      windowed('lead', [x, literal(2n)], [], total),
      windowed('lag', [x, literal(1n), x], partition, total),
      windowed('first-value', [x], [k], [by(row)]),
    ];
    await check(project(rows, [item('row', row), ...made.map((expr, index) => item(`w${index}`, expr))]));
  });
});

describe('joins and sets', () => {
  it.each(TYPES)('on %s', async (type) => {
    for (const kind of ['inner', 'left', 'full'] as const) {
      const [a, b] = [hostile(), hostile()];
      const [x, y] = [ref(a.by[`${type}0`] as never), ref(b.by[`${type}1`] as never)];
      const near = call('lt', [ref(a.by.small as never), ref(b.by.row as never)]);
      for (const condition of [
        call('eq', [x, y]),
        call('and', [call('eq', [x, y]), near]),
        call('and', [call('is-not-distinct', [x, y]), near]),
        ...(kind === 'full' ? [] : [call('and', [call('ge', [x, y]), near])]),
      ]) {
        const joined = join(kind, a, b, condition);
        await check(
          project(
            joined,
            [a, b].map((side) => item('row', ref(side.by.row as never))),
          ),
        );
      }
    }
  });

  it.each(TYPES)('of %s', async (type) => {
    const side = (which: number): Relation => {
      const rows = hostile();
      const halves = call('gt', [ref(rows.by.small as never), literal(BigInt(which * 40))]);
      return project(filter(rows, halves), [
        item('x', ref(rows.by[`${type}${which}`] as never)),
        item('b', ref(rows.by.boolean0 as never)),
      ]);
    };
    await check(distinct(side(0)));
    for (const operation of ['union-all', 'union', 'intersect', 'except'] as const) {
      await check(setOperation(operation, side(0), side(1)));
    }
  });

  it.each(TYPES)('membership of %s', async (type) => {
    for (const negated of [false, true]) {
      const [outer, inner] = [hostile(), hostile()];
      const x = ref(outer.by[`${type}0`] as never);
      const values = project(inner, [item('v', ref(inner.by[`${type}1`] as never))]);
      const present = filter(values, call('is-not-null', [ref(values.columns[0] as never)]));
      const same = filter(values, call('eq', [x, ref(values.columns[0] as never)]));
      const rows = [inRelation(x, values, negated), inRelation(x, present, negated), exists(same, negated)];
      const row = item('row', ref(outer.by.row as never));
      await check(project(outer, [row, ...rows.map((expr, index) => item(`m${index}`, expr))]));
      for (const condition of rows) await check(project(filter(outer, condition), [row]));
    }
  });

  it.each(TYPES)('order by %s', async (type) => {
    for (const [descending, nullsFirst] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const rows = hostile();
      const keys = [by(ref(rows.by[`${type}0`] as never), descending, nullsFirst), by(ref(rows.by.row as never))];
      await check(project(limit(sort(rows, keys), 20, 7), [item('row', ref(rows.by.row as never))]), false);
    }
  });
});
