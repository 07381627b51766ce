/**
 * Post-processing on exact rows against DuckDB: random small tables with NULLs, ties, −0 and repeated keys; every question
 * is written twice, as a tree and as SQL. Rows are compared in order where SQL fixes it, else as multisets.
 */
import { DuckDBDateValue, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Column, Relation } from '../../src/ask/ir.ts';
import type { Value } from '../../src/ask/types.ts';
import { evaluateAnswer } from '../../src/release/answer/evaluate-answer.ts';
import { exactCells, type Frame } from '../../src/release/answer/frame.ts';
import { publicRelations } from '../../src/release/answer/scope.ts';
import {
  aggregate,
  by,
  call,
  cast,
  column,
  filter,
  join,
  limit,
  lit,
  over,
  project,
  ref,
  setOperation,
  sort,
  span,
  when,
} from './support.ts';

const T = {
  k: column(1, 'k', 'text'),
  g: column(2, 'g', 'integer'),
  n: column(3, 'n', 'integer'),
  x: column(4, 'x', 'double'),
  d: column(5, 'd', 'date'),
  b: column(6, 'b', 'boolean'),
};
const P = { k: column(11, 'k', 'text'), w: column(12, 'w', 'double'), g: column(13, 'g', 'integer') };

const table = (name: string, columns: readonly Column[]): Relation => ({
  kind: 'table',
  dataset: 'public',
  table: name,
  columns,
  source: columns.map((one) => one.name),
  span,
});
const t = table('t', Object.values(T));
const p = table('p', Object.values(P));

let state = 7;
const next = (bound: number): number => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * bound);
};
const pick = <V>(values: readonly V[]): V => values[next(values.length)]!;

const rowsT: Value[][] = Array.from({ length: 90 }, () => [
  pick(['a', 'b', 'B', 'é', '𝒳', '\uffee', null]),
  pick([1n, 2n, 3n, null]),
  pick([-5n, 0n, 7n, 7n, 12n, null]),
  pick([0, -0, 0.5, -2.25, 1e10, null]),
  pick([18000, 18001, 19999, null]),
  pick([true, false, null]),
]);
const rowsP: Value[][] = [
  ['a', 0.5, 1n],
  ['b', 0.25, 2n],
  ['b', 2, null],
  ['z', 9, 3n],
  [null, 1, 1n],
  ['é', null, 2n],
];

const frame = (relation: Relation, rows: Value[][]): Frame => ({
  columns: relation.columns,
  cells: relation.columns.map((_, i) => exactCells(rows.map((row) => row[i]!))),
  length: rows.length,
  noisyRows: false,
});

function ours(relation: Relation): Value[][] {
  const publics = new Map([
    [t, frame(t, rowsT)],
    [p, frame(p, rowsP)],
  ]);
  const answer = evaluateAnswer(relation, { released: [], publics });
  expect(answer.cells.some((cells) => cells.noisy)).toBe(false);
  return Array.from({ length: answer.length }, (_, row) => answer.cells.map((cells) => cells.value(row)));
}

let instance: DuckDBInstance;
let theirs: (sql: string) => Promise<Value[][]>;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const literal = (value: Value, type: string): string =>
    value === null
      ? 'NULL'
      : type === 'date'
        ? `DATE '1970-01-01' + ${value}`
        : typeof value === 'string'
          ? `'${value}'`
          : Object.is(value, -0)
            ? "'-0.0'::DOUBLE"
            : String(value);
  const create = async (name: string, columns: readonly Column[], rows: Value[][]): Promise<void> => {
    const types = { text: 'VARCHAR', integer: 'BIGINT', double: 'DOUBLE', date: 'DATE', boolean: 'BOOLEAN' } as Record<
      string,
      string
    >;
    await connection.run(`CREATE TABLE ${name} (${columns.map((one) => `${one.name} ${types[one.type]}`).join(', ')})`);
    for (const row of rows)
      await connection.run(
        `INSERT INTO ${name} VALUES (${row.map((value, i) => literal(value, columns[i]!.type)).join(', ')})`,
      );
  };
  await create('t', t.columns, rowsT);
  await create('p', p.columns, rowsP);
  theirs = async (sql) => {
    const reader = await connection.runAndReadAll(sql);
    return reader
      .getRows()
      .map((row) => row.map((value): Value => (value instanceof DuckDBDateValue ? value.days : (value as Value))));
  };
});

afterAll(() => instance.closeSync());

/** A cell with doubles to 12 digits: sums may be taken in another order. */
const shown = (value: Value): string =>
  value === null
    ? 'NULL'
    : typeof value === 'number'
      ? `${Number(value.toPrecision(12)) + 0}`
      : typeof value === 'bigint'
        ? `${value}`
        : JSON.stringify(value);

async function same(relation: Relation, sql: string, ordered = false): Promise<void> {
  const [mine, other] = [ours(relation), await theirs(sql)].map((rows) =>
    rows.map((row) => row.map(shown).join(' | ')),
  );
  expect(ordered ? mine : [...mine!].sort()).toEqual(ordered ? other : [...other!].sort());
  expect(mine!.length).toBeGreaterThan(0);
}

const out = (id: number, type: Column['type']): Column => column(100 + id, `c${id}`, type);

describe('as in DuckDB', () => {
  it('filter and project', () =>
    same(
      project(filter(t, call('gt', 'boolean', ref(T.n), lit(0n))), [
        [out(1, 'double'), call('divide', 'double', cast(ref(T.n), 'double'), ref(T.x))],
        [
          out(2, 'text'),
          when('text', [[call('is-null', 'boolean', ref(T.k)), lit('none')]], call('upper', 'text', ref(T.k))),
        ],
      ]),
      "SELECT n::DOUBLE / CASE WHEN x = 0 THEN NULL ELSE x END, CASE WHEN k IS NULL THEN 'none' ELSE upper(k) END FROM t WHERE n > 0",
    ));

  it.each(['inner', 'left', 'full'] as const)('%s join on a key, and on a key with a residual', async (type) => {
    const eq = call('eq', 'boolean', ref(T.k), ref(P.k));
    const less = call('lt', 'boolean', ref(T.g), ref(P.g));
    await same(join(type, t, p, eq), `SELECT * FROM t ${type} JOIN p ON t.k = p.k`);
    await same(
      join(type, t, p, call('and', 'boolean', less, eq)),
      `SELECT * FROM t ${type} JOIN p ON t.k = p.k AND t.g < p.g`,
    );
    await same(join(type, t, p, less), `SELECT * FROM t ${type} JOIN p ON t.g < p.g`);
  });

  it('cross join', () => same(join('cross', t, p, null), 'SELECT * FROM t, p'));

  it('aggregates with filters', () =>
    same(
      aggregate(
        t,
        [[out(1, 'text'), ref(T.k)]],
        [
          [out(2, 'integer'), 'count-rows', []],
          [out(3, 'integer'), 'count', [ref(T.n)]],
          [out(4, 'integer'), 'count-distinct', [ref(T.x)]],
          [out(5, 'integer'), 'sum', [ref(T.n)]],
          [out(6, 'double'), 'avg', [ref(T.n)]],
          [out(7, 'double'), 'sum', [ref(T.x)], ref(T.b)],
          [out(8, 'double'), 'avg', [ref(T.x)]],
          [out(9, 'integer'), 'min', [ref(T.n)]],
          [out(10, 'date'), 'max', [ref(T.d)]],
          [out(11, 'boolean'), 'bool-and', [ref(T.b)]],
          [out(12, 'boolean'), 'bool-or', [ref(T.b)]],
        ],
      ),
      `SELECT k, count(*), count(n), count(DISTINCT x), sum(n)::BIGINT, avg(n), sum(x) FILTER (WHERE b), avg(x), min(n), max(d), bool_and(b), bool_or(b)
       FROM t GROUP BY k`,
    ));

  it('arg_min and arg_max where nothing ties', () =>
    same(
      aggregate(
        p,
        [],
        [
          [out(1, 'text'), 'arg-max', [ref(P.k), ref(P.w)]],
          [out(2, 'text'), 'arg-min', [ref(P.k), ref(P.w)]],
        ],
      ),
      'SELECT arg_max(k, w), arg_min(k, w) FROM p',
    ));

  it('firsts, modes, quantiles and variances', () => {
    const half = lit(0.5);
    const small = call('lt', 'boolean', ref(T.x), lit(100.5));
    const days = [by(ref(T.d), true, true), by(ref(T.n))];
    const squares = (rows: string): string => `(sum((x - m) * (x - m)) FILTER (WHERE x < 100.5)) / ${rows}`;
    return same(
      aggregate(
        t,
        [[out(1, 'text'), ref(T.k)]],
        [
          [out(2, 'double'), 'quantile-cont', [ref(T.x), half]],
          [out(3, 'double'), 'quantile-cont', [ref(T.x), lit(0.85)], ref(T.b)],
          [out(4, 'integer'), 'quantile-disc', [ref(T.n), lit(0.3)]],
          [out(5, 'date'), 'quantile-disc', [ref(T.d), lit(1)]],
          [out(6, 'integer'), 'mode', [ref(T.n)]],
          [out(7, 'double'), 'var-pop', [ref(T.x)], small],
          [out(8, 'double'), 'var-samp', [ref(T.x)], small],
          [out(9, 'integer'), 'first', [ref(T.n)], null, days],
          [out(10, 'double'), 'first', [ref(T.x)], ref(T.b), days],
          [out(11, 'date'), 'first', [ref(T.d)]],
        ],
      ),
      `SELECT k, quantile_cont(x, 0.5), quantile_cont(x, 0.85) FILTER (WHERE b), quantile_disc(n, 0.3),
         quantile_disc(d, 1), mode(n ORDER BY n), ${squares('nullif(count(x) FILTER (WHERE x < 100.5), 0)')},
         ${squares('nullif(count(x) FILTER (WHERE x < 100.5) - 1, 0)')},
         first(n ORDER BY d DESC NULLS FIRST, n), first(x ORDER BY d DESC NULLS FIRST, n, x) FILTER (WHERE b), min(d)
       FROM (SELECT *, avg(x) FILTER (WHERE x < 100.5) OVER (PARTITION BY k) AS m FROM t) GROUP BY k`,
    );
  });

  it('aggregates over nothing', () =>
    same(
      aggregate(
        filter(t, lit(false)),
        [],
        [
          [out(1, 'integer'), 'count-rows', []],
          [out(2, 'integer'), 'sum', [ref(T.n)]],
          [out(3, 'double'), 'avg', [ref(T.x)]],
          [out(4, 'text'), 'max', [ref(T.k)]],
        ],
      ),
      'SELECT count(*), sum(n), avg(x), max(k) FROM t WHERE false',
    ));

  it('grouping sets', () =>
    same(
      aggregate(
        t,
        [
          [out(1, 'text'), ref(T.k)],
          [out(2, 'integer'), ref(T.g)],
        ],
        [[out(3, 'integer'), 'count-rows', []]],
        [[0, 1], [1], []],
      ),
      'SELECT k, g, count(*) FROM t GROUP BY GROUPING SETS ((k, g), (g), ())',
    ));

  it('groups come in key order, NULL last', () => {
    const keys = ours(aggregate(t, [[out(1, 'text'), ref(T.k)]], [])).map(([k]) => k);
    expect(keys).toEqual(['B', 'a', 'b', 'é', '\uffee', '𝒳', null]);
  });

  it('sorts: descending, NULL first and last, by several keys', async () => {
    const keys = [T.k, T.n, T.x, T.g, T.d, T.b].map(ref);
    const all = 'k, n, x, g, d, b';
    const list = project(
      t,
      [T.k, T.n, T.x, T.g, T.d, T.b].map((one, i) => [out(i, one.type), ref(one)]),
    );
    const on = (relation: Relation, flags: [boolean, boolean]): Relation =>
      sort(relation, ...relation.columns.map((one) => by(ref(one), ...flags)));
    for (const [flags, sql] of [
      [[false, false], 'ASC NULLS LAST'],
      [[true, false], 'DESC NULLS LAST'],
      [[true, true], 'DESC NULLS FIRST'],
    ] as const) {
      const order = all
        .split(', ')
        .map((name) => `${name} ${sql}`)
        .join(', ');
      await same(on(list, [...flags]), `SELECT ${all} FROM t ORDER BY ${order}`, true);
      await same(limit(on(list, [...flags]), 7, 5), `SELECT ${all} FROM t ORDER BY ${order} LIMIT 7 OFFSET 5`, true);
    }
    expect(keys).toHaveLength(6);
  });

  it('set operations and DISTINCT', async () => {
    const left = project(t, [
      [out(1, 'text'), ref(T.k)],
      [out(2, 'integer'), ref(T.g)],
    ]);
    const right = project(p, [
      [out(3, 'text'), ref(P.k)],
      [out(4, 'integer'), ref(P.g)],
    ]);
    for (const [operation, sql] of [
      ['union-all', 'UNION ALL'],
      ['union', 'UNION'],
      ['intersect', 'INTERSECT'],
      ['except', 'EXCEPT'],
    ] as const) {
      await same(setOperation(operation, left, right, 120), `SELECT k, g FROM t ${sql} SELECT k, g FROM p`);
    }
    const doubles = project(t, [[out(1, 'double'), ref(T.x)]]);
    await same({ kind: 'distinct', input: doubles, columns: doubles.columns, span }, 'SELECT DISTINCT x FROM t');
  });

  it('IN and EXISTS, correlated and not, with NULLs', async () => {
    const list = project(p, [[out(1, 'text'), ref(P.k)]]);
    const strict = project(filter(p, call('is-not-null', 'boolean', ref(P.k))), [[out(2, 'text'), ref(P.k)]]);
    const flags = { type: 'boolean', nullable: true, span } as const;
    for (const negated of [false, true]) {
      const not = negated ? 'NOT' : '';
      const truth = (relation: Relation): Relation =>
        project(t, [
          [out(3, 'text'), ref(T.k)],
          [out(4, 'boolean'), { kind: 'in-relation', arg: ref(T.k), relation, negated, ...flags }],
        ]);
      await same(truth(list), `SELECT k, k ${not} IN (SELECT k FROM p) FROM t`);
      await same(truth(strict), `SELECT k, k ${not} IN (SELECT k FROM p WHERE k IS NOT NULL) FROM t`);
      await same(truth(filter(list, lit(false))), `SELECT k, k ${not} IN (SELECT k FROM p WHERE false) FROM t`);
      const inner = filter(
        p,
        call('and', 'boolean', call('eq', 'boolean', ref(P.k), ref(T.k)), call('ge', 'boolean', ref(P.g), ref(T.g))),
      );
      await same(
        filter(t, { kind: 'exists', relation: inner, negated, ...flags }),
        `SELECT * FROM t WHERE ${not} EXISTS (SELECT 1 FROM p WHERE p.k = t.k AND p.g >= t.g)`,
      );
    }
  });

  it('window functions', async () => {
    const order = [by(ref(T.n), true), by(ref(T.x)), by(ref(T.d)), by(ref(T.g)), by(ref(T.b))];
    const named =
      'OVER (PARTITION BY k ORDER BY n DESC NULLS LAST, x NULLS LAST, d NULLS LAST, g NULLS LAST, b NULLS LAST)';
    const peers = [by(ref(T.g))];
    const frame = { start: -2, end: 1 };
    const rows =
      'OVER (PARTITION BY k ORDER BY n DESC NULLS LAST, x NULLS LAST, d NULLS LAST, g NULLS LAST, b NULLS LAST ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING)';
    const all = [ref(T.k)];
    await same(
      project(t, [
        [out(0, 'text'), ref(T.k)],
        [out(1, 'integer'), over('row-number', 'integer', [], all, order)],
        [out(2, 'integer'), over('rank', 'integer', [], all, peers)],
        [out(3, 'integer'), over('dense-rank', 'integer', [], all, peers)],
        [out(4, 'integer'), over('lag', 'integer', [ref(T.n)], all, order)],
        [out(5, 'integer'), over('lead', 'integer', [ref(T.n), lit(2n), lit(-1n)], all, order)],
        [out(6, 'integer'), over('first-value', 'integer', [ref(T.n)], all, order)],
        [out(7, 'integer'), over('last-value', 'integer', [ref(T.n)], all, order, frame)],
        [out(8, 'integer'), over('sum', 'integer', [ref(T.n)], all, peers)],
        [out(9, 'double'), over('avg', 'double', [ref(T.n)], all, order, frame)],
        [out(10, 'integer'), over('count-rows', 'integer', [], [], [])],
        [out(11, 'integer'), call('subtract', 'integer', over('max', 'integer', [ref(T.n)], all, []), ref(T.n))],
        [out(12, 'integer'), over('min', 'integer', [ref(T.n)], all, order, { start: 1, end: 2 })],
        [out(13, 'integer'), over('count', 'integer', [ref(T.x)], all, order, { start: null, end: -1 })],
      ]),
      `SELECT k, row_number() ${named}, rank() OVER (PARTITION BY k ORDER BY g NULLS LAST), dense_rank() OVER (PARTITION BY k ORDER BY g NULLS LAST),
        lag(n) ${named}, lead(n, 2, -1) ${named}, first_value(n) ${named}, last_value(n) ${rows},
        (sum(n) OVER (PARTITION BY k ORDER BY g NULLS LAST))::BIGINT, avg(n) ${rows}, count(*) OVER (), max(n) OVER (PARTITION BY k) - n,
        min(n) ${rows.replace('2 PRECEDING AND 1 FOLLOWING', '1 FOLLOWING AND 2 FOLLOWING')}, count(x) ${rows.replace('2 PRECEDING AND 1 FOLLOWING', 'UNBOUNDED PRECEDING AND 1 PRECEDING')} FROM t`,
    );
  });
});

describe('bounds', () => {
  it('more than a million rows are refused with a position', () => {
    const big = (id: number): Relation => {
      const one = column(id, 'n', 'integer');
      return { kind: 'table', dataset: 'public', table: 'big', columns: [one], source: ['n'], span };
    };
    const [left, right] = [big(1), big(2)];
    const rows = Array.from({ length: 1100 }, (_, i): Value[] => [BigInt(i)]);
    const publics = new Map([
      [left, frame(left, rows)],
      [right, frame(right, rows)],
    ]);
    expect(() => evaluateAnswer(join('cross', left, right, null), { released: [], publics })).toThrow(/1000000 rows/);
  });

  it('public relations are read whole where they stand alone, and by their tables where correlated', () => {
    const inner = filter(p, call('eq', 'boolean', ref(P.k), ref(T.k)));
    const exists = { kind: 'exists', relation: inner, negated: false, type: 'boolean', nullable: false, span } as const;
    const answer = filter(
      join('cross', { kind: 'released', question: 0, columns: [T.k], span }, filter(t, lit(true)), null),
      exists,
    );
    expect(publicRelations(answer).map((relation) => relation.kind)).toEqual(['filter', 'table']);
    expect(publicRelations(filter(t, exists))).toEqual([filter(t, exists)]);
  });
});
