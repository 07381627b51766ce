/**
 * What TypeScript lets pass and what not. The compiler checks this file with all others (`npm run types`): where an
 * expected error is missing, it fails. Nothing here is asked; the tests at the end are for questions without types.
 */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  argMax,
  avg,
  boolOr,
  builder,
  coalesce,
  count,
  countDistinct,
  cube,
  dateTrunc,
  type Expr,
  exists,
  first,
  floor,
  groupingSets,
  lag,
  left,
  literal,
  lower,
  max,
  median,
  min,
  mode,
  nullif,
  type Query,
  quantileCont,
  quantileDisc,
  rollup,
  rowNumber,
  sqrt,
  sum,
  values,
  when,
} from '../../src/ask/builder.ts';
import { type PolicyInput, policyFromObject } from '../../src/policy/index.ts';
import { meaning, NETWORK_INPUT, NETWORK_POLICY } from './builder-policy.ts';

const { from } = builder(NETWORK_INPUT);
const visits = from('visit');

/** Holds what is only to be type-checked. */
function unasked(_: () => void): void {}

describe('types of a policy', () => {
  it('gives tables and columns their names and types', () => {
    unasked(() => {
      from('visit').select((v) => {
        expectTypeOf(v.cost).toEqualTypeOf<Expr<'double', number | bigint>>();
        expectTypeOf(v.ward).toEqualTypeOf<Expr<'text', 'surgery' | 'medicine' | 'icu'>>();
        expectTypeOf(v.person_id).toEqualTypeOf<Expr<'key', never>>();
        expectTypeOf(v.visit_id).toEqualTypeOf<Expr<'key', number | bigint>>();
        return { n: count() };
      });
      from('lab').where((l) => l.visit_id.isNotNull());
      from('network.person').where((p) => p.sex.eq('F'));
      // @ts-expect-error no such table
      from('vist');
      // @ts-expect-error no such table in this data set
      from('network.visits');
      // @ts-expect-error no such column
      visits.where((v) => v.costs.gt(1));
      // @ts-expect-error no such column of the joined table
      visits.join('person', (v, p) => v.person_id.eq(p.visit_id));
      // @ts-expect-error a public table has no unit
      from('code_name').where((c) => c.person_id.isNull());
    });
  });

  it('compares values of the right type', () => {
    unasked(() => {
      visits.where((v) => v.cost.gt(100).and(v.cost.le(3n)).and(v.cost.lt(v.cost)));
      visits.where((v) => v.start_date.ge('2024-01-31'));
      // @ts-expect-error a text is no number
      visits.where((v) => v.cost.gt('100'));
      // @ts-expect-error a number is no text
      visits.where((v) => v.ward.eq(1));
      // @ts-expect-error not a declared value
      visits.where((v) => v.ward.eq('icus'));
      // @ts-expect-error not all are declared values
      visits.where((v) => v.ward.in(['icu', 'surgry']));
      // @ts-expect-error not a declared value
      visits.where((v) => v.ward.isDistinctFrom('icus'));
      // @ts-expect-error not a date
      visits.where((v) => v.start_date.ge('yesterday'));
      // @ts-expect-error a number is no date
      visits.where((v) => v.start_date.lt(2024));
      // @ts-expect-error NULL compares with nothing; write isNull()
      visits.where((v) => v.ward.eq(null));
      // @ts-expect-error columns of different types
      visits.where((v) => v.ward.eq(v.cost));
      // @ts-expect-error both ends are numbers
      visits.where((v) => v.cost.between(1, 'two'));
      // @ts-expect-error LIKE is for texts
      visits.where((v) => v.cost.like('1%'));
      // @ts-expect-error a number is no condition
      visits.where((v) => v.cost);
      // @ts-expect-error a number is no condition
      visits.where((v) => v.cost.and(v.cost.gt(1)));
    });
  });

  it('computes with the right types', () => {
    unasked(() => {
      visits
        .join('person', (v, p) => v.person_id.eq(p.person_id))
        .select((v, p) => {
          expectTypeOf(p.birth_year.plus(1)).toEqualTypeOf<Expr<'integer'>>();
          expectTypeOf(p.birth_year.plus(0.5)).toEqualTypeOf<Expr<'double'>>();
          expectTypeOf(p.birth_year.times(v.cost)).toEqualTypeOf<Expr<'double'>>();
          expectTypeOf(p.birth_year.dividedBy(2)).toEqualTypeOf<Expr<'double'>>();
          expectTypeOf(floor(p.birth_year)).toEqualTypeOf<Expr<'integer'>>();
          expectTypeOf(v.start_date.plus(1, 'month')).toEqualTypeOf<Expr<'date'>>();
          expectTypeOf(v.start_date.minus(1, 'hour')).toEqualTypeOf<Expr<'timestamp'>>();
          expectTypeOf(v.start_date.minus(v.start_date)).toEqualTypeOf<Expr<'integer'>>();
          expectTypeOf(dateTrunc('month', v.start_date)).toEqualTypeOf<Expr<'date'>>();
          expectTypeOf(coalesce(v.ward, 'none')).toEqualTypeOf<Expr<'text', 'surgery' | 'medicine' | 'icu' | 'none'>>();
          expectTypeOf(nullif(v.ward, 'icu')).toEqualTypeOf<Expr<'text', 'surgery' | 'medicine' | 'icu'>>();
          expectTypeOf(when(v.cost.gt(1), 'dear').else('cheap')).toEqualTypeOf<Expr<'text', 'dear' | 'cheap'>>();
          expectTypeOf(when(v.cost.gt(1), 1).else(0.5)).toExtend<Expr<'double', unknown>>();
          expectTypeOf(sum(p.birth_year)).toExtend<Expr<'integer'>>();
          expectTypeOf(avg(p.birth_year)).toExtend<Expr<'double'>>();
          expectTypeOf(lag(v.ward).over({ partitionBy: v.person_id })).toEqualTypeOf<typeof v.ward>();
          return { n: count() };
        });
      const shares = values([
        { sex: 'F', share: 0.5, year: 1960, from: null },
        { sex: 'M', share: 1, year: null, from: null },
      ]);
      from(shares).select((s) => {
        expectTypeOf(s.sex).toEqualTypeOf<Expr<'text'>>();
        expectTypeOf(s.share).toEqualTypeOf<Expr<'double'>>();
        expectTypeOf(s.year).toEqualTypeOf<Expr<'integer'>>();
        expectTypeOf(s.from).toEqualTypeOf<Expr<'text'>>();
        return { n: count() };
      });
      // @ts-expect-error no such name in the rows
      visits.join(shares, (v, s) => v.ward.eq(s.ward));
      // @ts-expect-error a text has no sum
      visits.select((v) => ({ x: sum(v.ward) }));
      // @ts-expect-error a date has no mean
      visits.select((v) => ({ x: avg(v.start_date) }));
      // @ts-expect-error the unit has no sum
      visits.select((v) => ({ x: sum(v.person_id) }));
      // @ts-expect-error a column with use: join has no sum
      visits.select((v) => ({ x: sum(v.visit_id) }));
      // @ts-expect-error the unit has no least value
      visits.select((v) => ({ x: min(v.person_id) }));
      // @ts-expect-error a text is not added
      visits.where((v) => v.ward.plus(1).gt(1));
      // @ts-expect-error a date goes with a number of units
      visits.where((v) => v.start_date.plus(30).gt('2024-01-01'));
      // @ts-expect-error no unit of time
      visits.where((v) => v.start_date.plus(30, 'fortnight').gt('2024-01-01'));
      // @ts-expect-error a text has no square root
      visits.where((v) => sqrt(v.ward).gt(1));
      // @ts-expect-error a number has no lower case
      visits.where((v) => lower(v.cost).eq('x'));
      // @ts-expect-error a text has no month
      visits.where((v) => dateTrunc('month', v.ward).eq('x'));
      // @ts-expect-error a whole number of letters
      visits.where((v) => left(v.ward, 'x').eq('x'));
      // @ts-expect-error a whole number of letters
      visits.where((v) => left(v.ward, v.cost).eq('x'));
      // @ts-expect-error a whole number of days
      visits.where((v) => v.start_date.plus(v.cost, 'day').gt('2024-01-01'));
      // @ts-expect-error branches of different types
      visits.where((v) => when(v.cost.gt(1), 'dear').else(0).eq('dear'));
      // @ts-expect-error nothing but the labels can be meant
      visits.where((v) => when(v.cost.gt(1), 'dear').else('cheap').eq('deer'));
      // @ts-expect-error a default of another type
      visits.select((v) => ({ x: lag(v.cost, 1, 'none').over({}) }));
      // @ts-expect-error a window function needs its window
      visits.select({ x: rowNumber() });
      // @ts-expect-error a condition is wanted
      visits.select((v) => ({ x: boolOr(v.cost) }));
      // @ts-expect-error ordered by the unit
      visits.select((v) => ({ x: argMax(v.cost, v.person_id) }));
      // @ts-expect-error no median of texts
      visits.select((v) => ({ x: median(v.ward) }));
      // @ts-expect-error the first in which order?
      visits.select((v) => ({ x: first(v.cost) }));
      // @ts-expect-error ordered by the unit
      visits.select((v) => ({ x: first(v.cost, v.person_id) }));
      // @ts-expect-error one fraction
      visits.select((v) => ({ x: quantileCont(v.cost, [0.25, 0.75]) }));
      visits.select((v) => {
        expectTypeOf(quantileDisc(v.start_date, 0.5)).toExtend<Expr<'date', unknown>>();
        expectTypeOf(median(v.cost)).toExtend<Expr<'double'>>();
        expectTypeOf(mode(v.ward)).toExtend<Expr<'text', 'surgery' | 'medicine' | 'icu'>>();
        return { n: count() };
      });
      // @ts-expect-error a filter is a condition
      visits.select((v) => ({ x: count().filter(v.cost) }));
    });
  });

  it('lets the unit join, count and partition, and be no output', () => {
    unasked(() => {
      const question = (_: Query): void => {};
      question(visits.select((v) => ({ n: countDistinct(v.person_id) })));
      const perUnit = visits
        .groupBy((v) => v.person_id)
        .select((v) => ({ person_id: v.person_id, dearest: max(v.cost) }));
      question(from(perUnit).select((u) => ({ mean: avg(u.dearest) })));
      from('person').where((p) => p.person_id.in(visits.select(({ person_id }) => ({ person_id }))));
      visits.where((v) => v.visit_id.in([1, 2]).and(v.visit_id.eq(v.visit_id)));
      // @ts-expect-error the unit is no output
      question(visits.select((v) => ({ person_id: v.person_id })));
      // @ts-expect-error nor is a column with use: join
      question(visits.select((v) => ({ visit: v.visit_id })));
      // @ts-expect-error the unit is no key
      question(visits.groupBy((v) => v.person_id).select({ n: count() }));
      // @ts-expect-error nor is a column with use: join
      question(visits.groupBy((v) => [v.ward, v.visit_id]).select({ n: count() }));
      // @ts-expect-error nor inside grouping sets
      question(visits.groupBy((v) => [v.ward, rollup(v.visit_id)]).select({ n: count() }));
      // @ts-expect-error nor inside grouping sets of several
      question(visits.groupBy((v) => groupingSets([v.ward, v.person_id], [])).select({ n: count() }));
      // @ts-expect-error nor by way of a set
      question(visits.selectDistinct(({ ward }) => ({ ward })).union(perUnit));
      // @ts-expect-error not even ordered and cut
      question(perUnit.orderBy((o) => o.dearest).limit(1));
      // @ts-expect-error the unit has no order
      visits.where((v) => v.person_id.lt(v.person_id));
      // @ts-expect-error the unit is compared with no value
      visits.where((v) => v.person_id.eq(7));
      // @ts-expect-error the unit is compared with no other column
      visits.where((v) => v.person_id.eq(v.cost));
      // @ts-expect-error a key column is compared with values of its own type
      visits.where((v) => v.visit_id.eq('one'));
      // @ts-expect-error in a query of the same type
      from('person').where((p) => p.person_id.in(visits.select(({ ward }) => ({ ward }))));
      question(visits.groupBy((v) => cube(v.ward)).select({ n: count() }));
    });
  });

  it('knows outputs by their aliases', () => {
    unasked(() => {
      const answer = visits.groupBy((v) => v.ward).select((v) => ({ ward: v.ward, n: count(), mean: avg(v.cost) }));
      answer.unionAll(visits.select((v) => ({ ward: literal('all'), n: count(), mean: avg(v.cost) })));
      answer.having((o) => o.n.gt(5).and(o.ward.ne('icu'))).orderBy((o) => [o.mean.desc(), o.n]);
      from(answer).where((a) => a.ward.eq('icu').and(a.mean.gt(0.5)));
      // @ts-expect-error no such output
      answer.having((o) => o.total.gt(5));
      // @ts-expect-error no such output
      answer.orderBy((o) => o.cost);
      // @ts-expect-error a value of another type
      answer.having((o) => o.n.gt('5'));
      // @ts-expect-error HAVING takes a condition
      answer.having((o) => o.n);
      // @ts-expect-error no such column of the query
      from(answer).where((a) => a.cost.gt(1));
      // @ts-expect-error a column of a query is no aggregate
      from(answer).select((a) => ({ n: a.n.filter(a.ward.eq('icu')) }));
      // @ts-expect-error the other side lacks a column
      answer.unionAll(visits.groupBy((v) => v.ward).select((v) => ({ ward: v.ward, n: count() })));
      // @ts-expect-error the other side's column has another type
      answer.unionAll(visits.select((v) => ({ ward: literal('all'), n: literal('all'), mean: avg(v.cost) })));
      // @ts-expect-error rows are not yet a query
      from(visits);
      // @ts-expect-error groups are selected from, not filtered as rows
      visits.groupBy((v) => v.ward).where((v) => v.ward.eq('icu'));
      // @ts-expect-error an output is an expression
      visits.select({ n: 5 });
      exists(visits).and(exists(answer));
      // @ts-expect-error a condition is no query
      exists(literal(true));
    });
  });

  it('takes names that several data sets share with their data set alone', () => {
    const two = {
      gauze: 1,
      datasets: {
        a: {
          unit: 'person.id',
          contribution: { groups: 1, rows: 1 },
          tables: {
            person: { unit: 'id', columns: { age: { type: 'integer', values: [1, 2, null], use: 'any' } } },
            codes: { public: true, columns: { 'the code': { type: 'text' } } },
          },
        },
        b: {
          unit: 'person.id',
          contribution: { groups: 1, rows: 1 },
          tables: { person: { unit: 'id', columns: { height: { type: 'double' }, id: { type: 'integer' } } } },
        },
      },
    } as const satisfies PolicyInput;
    const start = builder(two);
    unasked(() => {
      start.from('a.person').where((p) => p.age.eq(2));
      start.from('b.person').where((p) => p.height.gt(2));
      start.from('b.person').where((p) => p.id.eq(2));
      start.from('codes').where((c) => c['the code'].eq('x'));
      // @ts-expect-error either table could be meant
      start.from('person');
      // @ts-expect-error a column of the other table
      start.from('a.person').where((p) => p.height.gt(2));
      // @ts-expect-error not a declared value
      start.from('a.person').where((p) => p.age.eq(3));
      // @ts-expect-error a listed unit is a key all the same
      start.from('b.person').where((p) => p.id.gt(2));
    });
    expect(start.from('a.person').select({ n: count() }).sql).toBe('SELECT count(*) AS n\nFROM a.person');
  });
});

describe('a policy known only at run time', () => {
  it('types what is built of it loosely, and constants all the same', () => {
    unasked(() => {
      const { from } = builder();
      const answer = from('visit')
        .join('person', (v, p) => v.person_id.eq(p.person_id))
        .groupBy((v) => [v.ward, rollup(v.person_id)])
        .select((v) => ({ ward: v.ward, n: count().filter(v.cost.gt(5)) }));
      const question: Query = from(answer.unionAll(answer)).select((a) => ({ ward: a.ward, n: a.n.plus(1) }));
      expectTypeOf(question.sql).toEqualTypeOf<string>();
      // @ts-expect-error an output that is not there
      from(answer).select((a) => ({ n: a.m }));
      // @ts-expect-error a count is no text
      answer.having((o) => o.n.like('x'));
    });
  });

  const sql = "SELECT ward, COUNT(*) AS n FROM visit WHERE ward = 'icu' GROUP BY ward HAVING COUNT(*) > 5 ORDER BY n";
  const parsed = policyFromObject(NETWORK_INPUT);
  const plain: PolicyInput = NETWORK_INPUT;

  it.each([
    ['as parsed', builder(parsed)],
    ['as an object of unknown content', builder(plain)],
    ['nowhere', builder()],
  ] as const)('%s: any name is taken', (_, { from }) => {
    const table: string = 'visit';
    const built = from(table)
      .where((v) => v.ward.eq('icu'))
      .groupBy((v) => v.ward)
      .select((v) => ({ ward: v.ward, n: count() }))
      .having((o) => o.n.gt(5))
      .orderBy((o) => o.n);
    const question: Query = built;
    expect(meaning(question, undefined, NETWORK_POLICY)).toBe(meaning(sql));
  });
});
