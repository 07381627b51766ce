/** What the builder writes, letter by letter, and how it refuses. */
import { describe, expect, it } from 'vitest';
import { builder, count, type Expr, literal, sum, values } from '../../src/ask/builder.ts';
import { KEYWORD_CLASSES } from '../../src/ask/sql/keywords.ts';
import { GauzeError, SpannedError } from '../../src/errors.ts';
import { policyFromObject } from '../../src/policy/index.ts';
import { meaning, NETWORK_INPUT } from './builder-policy.ts';

const { from } = builder(NETWORK_INPUT);
const anywhere = builder();

/** The error that something throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('text', () => {
  it('puts clauses on lines, values into parameters, and each value once', () => {
    const question = from('visit')
      .join('person', (v, p) => v.person_id.eq(p.person_id))
      .where((v) => v.cost.gt(100).or(v.cost.lt(10).and(v.ward.eq('icu'))))
      .where((v, p) => v.cost.ne(p.birth_year.plus(100)))
      .groupBy((v) => v.ward)
      .select((v) => ({ ward: v.ward, 'number of visits': count(), cost: sum(v.cost) }))
      .orderBy((o) => o['number of visits'].desc())
      .limit(10);
    expect(question.sql).toBe(
      [
        'SELECT visit.ward AS ward, count(*) AS "number of visits", sum(visit.cost) AS cost',
        'FROM visit JOIN person ON visit.person_id = person.person_id',
        'WHERE (visit.cost > $1 OR visit.cost < $2 AND visit.ward = $3) AND visit.cost <> person.birth_year + $1',
        'GROUP BY visit.ward',
        'ORDER BY "number of visits" DESC',
        'LIMIT $2',
      ].join('\n'),
    );
    expect(question.parameters).toEqual([100, 10, 'icu']);
  });

  it('tells values of different types apart', () => {
    const day = new Date('2024-01-31T00:00:00Z');
    const question = from('visit').select({
      a: literal('1'),
      b: literal(1),
      c: literal(true),
      d: literal('true'),
      e: literal(day),
    });
    expect(question.parameters).toEqual(['1', 1, true, 'true', day]);
  });

  it('does not change what it is called on', () => {
    const visits = from('visit');
    const all = visits.select({ n: count() });
    const before = [visits.select({ n: count() }).sql, all.sql];
    visits.where((v) => v.cost.gt(1));
    visits.join('person', (v, p) => v.person_id.eq(p.person_id));
    all.having((o) => o.n.gt(1));
    all.orderBy((o) => o.n).limit(1);
    all.unionAll(all);
    expect([visits.select({ n: count() }).sql, all.sql]).toEqual(before);
  });

  const ODD = ['Sex', 'two words', 'the "best"', "o'clock", 'a.b', '1st', 'größe', '名前', 'a;--', '$1', '?'];
  const KEYWORDS = Object.values(KEYWORD_CLASSES).flatMap((words) => [...words]);

  it.each([
    ['odd letters', ODD],
    ['keywords', KEYWORDS],
  ])('quotes names: %s', (_, names) => {
    const tables = names.map((name) => [name, { unit: 'id', columns: { [name]: { type: 'text' } } }] as const);
    const policy = policyFromObject({
      gauze: 1,
      datasets: {
        'data set': {
          source: 'x.duckdb',
          unit: 'person.id',
          contribution: { groups: 1, rows: 1 },
          tables: { person: { unit: 'id' }, ...Object.fromEntries(tables) },
        },
      },
    });
    for (const name of names) {
      const built = anywhere
        .from(`data set.${name}`)
        .join(`data set.${name}`, (a, b) => a.id.eq(b.id))
        .where((a) => a[name].eq('x'))
        .groupBy((a) => a[name])
        .select((a) => ({ [name]: a[name] as Expr<'text'>, n: count() }))
        .having((o) => o[name]!.isNotNull())
        .orderBy((o) => o[name]!);
      const quoted = `"${name.replaceAll('"', '""')}"`;
      const sql = `SELECT a.${quoted} AS ${quoted}, COUNT(*) AS n FROM ${quoted} a JOIN ${quoted} b ON a.id = b.id
        WHERE a.${quoted} = 'x' GROUP BY a.${quoted} HAVING a.${quoted} IS NOT NULL ORDER BY ${quoted}`;
      expect(meaning(built, undefined, policy), name).toBe(meaning(sql, undefined, policy));
    }
  });
});

it('lists rows as rows, and none without any', () => {
  const listed = values([
    { 'age group': '0-17', n: 1 },
    { 'age group': '18+', n: 1 },
  ]);
  expect(listed.sql).toBe('SELECT "age group", n\nFROM (VALUES ($1, $2), ($3, $2)) AS listed("age group", n)');
  expect(listed.parameters).toEqual(['0-17', 1, '18+']);
  for (const rows of [[], [{}]]) expect(thrownBy(() => values(rows))).toMatchObject({ code: 'QUERY_TYPE' });
});

describe('refusals', () => {
  it.each([
    [
      'a column',
      'cots',
      () =>
        anywhere
          .from('visit')
          .where((v) => v.cots.gt(1))
          .select({ n: count() }),
    ],
    ['a table', 'vist', () => anywhere.from('vist').select({ n: count() })],
    [
      'an output',
      'm',
      () =>
        anywhere
          .from('visit')
          .select({ n: count() })
          .having((o) => (o as never as { m: Expr<'integer'> }).m.gt(1)),
    ],
    ['a type', 'visit.ward', () => anywhere.from('visit').select((v) => ({ x: sum(v.ward) }))],
    [
      'a value',
      '$1',
      () =>
        anywhere
          .from('visit')
          .where((v) => v.start_date.lt('soon'))
          .select({ n: count() }),
    ],
    [
      'a unit of time',
      'fortnight',
      () =>
        anywhere
          .from('visit')
          .where((v) => v.start_date.plus(1, 'fortnight').isNull())
          .select({ n: count() }),
    ],
  ] as const)('show where %s is wrong in the text', (_, place, make) => {
    const question = make();
    const error = thrownBy(() => meaning(question)) as SpannedError;
    expect(error).toBeInstanceOf(SpannedError);
    expect(question.sql.slice(error.span!.start, error.span!.end)).toBe(place);
  });

  it('a column outside the query it comes from', () => {
    let taken: Expr<'double'> | undefined;
    const first = from('visit').where((v) => {
      taken = v.cost;
      return v.cost.gt(1);
    });
    expect(first.select({ n: count() }).sql).toContain('$1');
    const error = thrownBy(
      () =>
        from('visit')
          .where(() => taken!.gt(1))
          .select({ n: count() }).sql,
    );
    expect(error).toMatchObject({ code: 'QUERY_UNKNOWN_NAME', message: expect.stringContaining('visit') });
  });

  it('a value that is undefined', () => {
    const missing: { ward?: string } = {};
    const question = anywhere
      .from('visit')
      .where((v) => v.ward.eq(missing.ward))
      .select({ n: count() });
    expect(thrownBy(() => question.sql)).toMatchObject({ code: 'QUERY_PARAMETER' });
  });

  it('sets of columns with different names', () => {
    const wards = from('visit').select((v) => ({ ward: v.ward }));
    const cities = anywhere.from('person').select((p) => ({ city: p.city }));
    const error = thrownBy(() => wards.union(cities as never).sql);
    expect(error).toBeInstanceOf(GauzeError);
    expect(error).toMatchObject({ code: 'QUERY_TYPE', next: 'Select ward on both sides.' });
  });
});
