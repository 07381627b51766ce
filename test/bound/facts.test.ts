/** What conditions teach holds in every row that satisfies them, and is as narrow as people expect. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/ask/evaluate.ts';
import { ask } from '../../src/ask/index.ts';
import type { Expr, ScalarName } from '../../src/ask/ir.ts';
import { meaningOf } from '../../src/ask/meaning.ts';
import type { Value } from '../../src/ask/types.ts';
import { unknownFacts } from '../../src/bound/declared.ts';
import { assume } from '../../src/bound/facts.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { rangeOf } from '../../src/bound/range.ts';
import type { Facts, Range } from '../../src/bound/tracked.ts';
import { toNumber } from '../../src/dp/rational.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { expressions } from '../conformance/scalar-grammar.ts';
import { call, column, inList, literal } from '../conformance/tree.ts';
import { NETWORK } from '../policy/network.ts';
import { HALF } from './half.ts';

const RUNS = Number(process.env.GAUZE_CASES ?? 3000);
const ORDERED = ['integer', 'double', 'date', 'timestamp'] as const;
const COLUMNS = ORDERED.flatMap((type) => [column(`${type}_a`, type), column(`${type}_b`, type)]);
const FACTS: Facts = { columns: new Map(COLUMNS.map(({ id, name }) => [id, unknownFacts(name)])) };
const COMPARISONS: readonly ScalarName[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'is-not-distinct'];

type Ordered = (typeof ORDERED)[number];

/** Hostile values as the tree has them: NaN and infinite dates are NULL. */
const cell = (type: Ordered): fc.Arbitrary<Value> =>
  fc.oneof(
    expressions(type, 0, []).map((constant) => evaluate(constant, () => null)),
    type === 'date'
      ? fc.integer({ min: -9, max: 9 })
      : type === 'double'
        ? fc.integer({ min: -9, max: 9 })
        : fc.bigInt(-9n, 9n),
    fc.constant(null),
  );
const rows = fc.array(fc.tuple(...COLUMNS.map(({ type }) => cell(type as Ordered))), { minLength: 1, maxLength: 20 });

/** A condition on an expression as a whole, alone or among others. */
function conditions(whole: Expr, type: Ordered): fc.Arbitrary<Expr> {
  const constant = expressions(type, 0, []);
  const one = fc.oneof(
    fc.tuple(fc.constantFrom(...COMPARISONS), constant).map(([fn, limit]) => call(fn, [whole, limit], 'boolean')),
    fc.tuple(fc.constantFrom(...COMPARISONS), constant).map(([fn, limit]) => call(fn, [limit, whole], 'boolean')),
    fc.array(constant, { minLength: 1, maxLength: 3 }).map((list) => inList(whole, list)),
    expressions('boolean', 1, COLUMNS),
  );
  const pair = fc.tuple(fc.constantFrom<ScalarName>('and', 'or'), one, one);
  return fc.oneof(
    one,
    one.map((inner) => call('not', [inner], 'boolean')),
    pair.map(([fn, a, b]) => call(fn, [a, b], 'boolean')),
    pair.map(([fn, a, b]) => call('not', [call(fn, [a, b], 'boolean')], 'boolean')),
  );
}

function inside(value: Value, range: Range | null): boolean {
  if (value === null || range === null) return true;
  if (range.kind === 'double') return Number(value) >= range.low && Number(value) <= range.high;
  const whole = BigInt(value as bigint | number);
  return (range.low === null || whole >= range.low) && (range.high === null || whole <= range.high);
}

describe('facts of expressions', () => {
  it.each(ORDERED)('hold in every row: %s', (type) => {
    let narrowed = 0;
    const drawn = expressions(type, 2, COLUMNS).chain((whole) =>
      fc.tuple(fc.constant(whole), conditions(whole, type), rows),
    );
    fc.assert(
      fc.property(drawn, fc.boolean(), ([whole, condition, table], holds) => {
        const facts = assume(FACTS, { condition, holds });
        const range = rangeOf(whole, facts);
        if (facts.expressions?.has(meaningOf(whole)) === true) narrowed += 1;
        for (const row of table) {
          const at = (id: number): Value => row[COLUMNS.findIndex((one) => one.id === id)] ?? null;
          if ((evaluate(condition, at) === true) !== holds) continue;
          expect(inside(evaluate(whole, at), range)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
    expect(narrowed).toBeGreaterThan(RUNS / 10);
  });
});

const POLICY = parsePolicy(NETWORK);

function planOf(sql: string): Plan {
  return makePlan(ask(sql, POLICY), POLICY, HALF, sql).plan;
}

/** Ends of what is summed, in data units. */
function ends(sql: string): readonly [number, number] {
  const found = planOf(sql).questions[0]?.bounded.statistics.find(({ kind }) => kind === 'sum');
  if (found?.kind !== 'sum') throw new Error('A sum is asked.');
  const { low, high, step } = found.lattice;
  return [Number(low) * toNumber(step), Number(high) * toNumber(step)];
}

const STAYS = '(SELECT person_id, MIN(start_date) AS a, MAX(start_date) AS b FROM visit GROUP BY person_id)';
const STAY = "date_diff('day', a, b)";

describe('a condition on an expression bounds it', () => {
  it.each([
    ['in a sum', 'SELECT SUM(cost / 100) FROM visit WHERE cost / 100 BETWEEN 0 AND 5', [0, 5]],
    ['from either side', 'SELECT SUM(cost / 100) FROM visit WHERE 0 <= cost / 100 AND 5 >= cost / 100', [0, 5]],
    ['in FILTER', 'SELECT SUM(cost / 100) FILTER (WHERE cost / 100 < 5) FROM visit', [0, 5]],
    ['in CASE', 'SELECT SUM(CASE WHEN cost / 100 < 5 THEN cost / 100 END) FROM visit', [0, 5]],
    ['where it fails', 'SELECT SUM(CASE WHEN cost / 100 > 5 THEN 0 ELSE cost / 100 END) FROM visit', [0, 5]],
    [
      'in either branch of OR',
      'SELECT SUM(cost / 100) FROM visit WHERE cost / 100 < 5 OR cost / 100 IN (7, 8)',
      [0, 8],
    ],
    ['within a larger one', 'SELECT SUM(10 - cost / 100) FROM visit WHERE cost / 100 <= 5', [5, 10]],
    ['length of stay', `SELECT AVG(${STAY}) FROM ${STAYS} WHERE ${STAY} BETWEEN 0 AND 30`, [0, 30]],
    [
      'through a join',
      `SELECT sex, AVG(${STAY}) FROM ${STAYS} JOIN person USING (person_id) WHERE ${STAY} BETWEEN 0 AND 30 GROUP BY sex`,
      [0, 30],
    ],
    [
      'through renamed columns',
      `SELECT AVG(date_diff('day', x, y)) FROM (SELECT person_id, a AS x, b AS y FROM ${STAYS} WHERE ${STAY} BETWEEN 0 AND 30)`,
      [0, 30],
    ],
    [
      'in a computed column',
      `SELECT AVG(d) FROM (SELECT person_id, ${STAY} AS d FROM ${STAYS} WHERE ${STAY} BETWEEN 0 AND 30)`,
      [0, 30],
    ],
    // A missing row is NULL in every column, and COALESCE of NULL was never tested.
    [
      'not where rows can be missing',
      'SELECT SUM(coalesce(c / 100, 7)) FROM person LEFT JOIN (SELECT person_id, cost AS c FROM visit WHERE coalesce(cost / 100, 7) <= 5) USING (person_id)',
      [0, 500],
    ],
    ['not another expression', 'SELECT SUM(cost / 10) FROM visit WHERE cost / 100 <= 5', [0, 5000]],
  ] as const)('%s', (_, sql, [low, high]) => {
    const [from, to] = ends(sql);
    expect(from).toBeCloseTo(low, 6);
    expect(to).toBeCloseTo(high, 6);
  });

  it('makes its whole numbers public keys', () => {
    const sql = `SELECT ${STAY} AS days, COUNT(*) FROM ${STAYS} WHERE ${STAY} BETWEEN 0 AND 30 GROUP BY days`;
    expect(planOf(sql).questions[0]?.bounded.keys[0]?.domain).toEqual({ kind: 'span', low: 0n, high: 30n });
  });
});

describe('the same expression', () => {
  const [a, b] = COLUMNS as [(typeof COLUMNS)[number], (typeof COLUMNS)[number]];
  const plus = (left: Expr, right: Expr): Expr => call('add', [left, right], 'integer');
  const ref = (id: number, nullable = true): Expr => ({
    kind: 'column',
    id,
    type: 'integer',
    nullable,
    span: { start: id, end: id },
  });
  it('is one whatever its place and nullability', () => {
    expect(meaningOf(plus(ref(a.id), literal(1n)))).toBe(meaningOf(plus(ref(a.id, false), literal(1n))));
  });
  it('is another with another column, type, value or sign of zero', () => {
    const all = [
      plus(ref(a.id), literal(1n)),
      plus(ref(b.id), literal(1n)),
      plus(literal(1n), ref(a.id)),
      literal('1'),
      literal(1n),
      literal(1),
      literal(0),
      literal(-0),
      literal('1,2'),
      inList(literal('1'), [literal('1'), literal('2')]),
      inList(literal('1'), [literal('1,2')]),
    ];
    expect(new Set(all.map(meaningOf)).size).toBe(all.length);
  });
});
