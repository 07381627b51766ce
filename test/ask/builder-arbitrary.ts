/**
 * Random questions, each made twice: by the builder, and as text with every operand in parentheses and every constant
 * written out. Neither looks at the other, so equal trees show that the builder's text says what was built.
 */
import fc from 'fast-check';
import {
  avg,
  builder,
  type Condition,
  coalesce,
  concat,
  count,
  countDistinct,
  dateDiff,
  datePart,
  type Expr,
  exists,
  floor,
  left,
  lower,
  max,
  type Query,
  rollup,
  round,
  rowNumber,
  sum,
  when,
} from '../../src/ask/builder.ts';
import { NETWORK_INPUT } from './builder-policy.ts';

const { from } = builder(NETWORK_INPUT);
const rows = from('visit').join('person', (v, p) => v.person_id.eq(p.person_id));
const ROWS = 'visit AS v JOIN person AS p ON ((v.person_id) = (p.person_id))';

/** Columns of a visit and its person. */
type Tables = Parameters<Parameters<typeof rows.where>[0]>;

/** An expression over them, built and as text. */
interface Twice<E> {
  readonly built: (...tables: Tables) => E;
  readonly sql: string;
}
type Reals = Twice<Expr<'double', unknown>>;
type Integers = Twice<Expr<'integer', unknown>>;
type Texts = Twice<Expr<'text', unknown>>;
type Days = Twice<Expr<'date', unknown>>;
type Tests = Twice<Condition>;

/** Signs that mean something to SQL, and letters beyond ASCII. */
const TEXT_UNITS = ['a', 'B', '%', '_', "'", '"', 'é', '😀', '-', '*', '/', '?', '$', '1', '\n', '\\', ';'];
const text = fc.string({ unit: fc.constantFrom(...TEXT_UNITS), maxLength: 8 });
const whole = fc.oneof(fc.integer({ min: -100, max: 100 }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
const decimal = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((value) => value !== 0);
const day = fc
  .integer({ min: 0, max: 20_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10) as '2000-01-01');
const ward = fc.constantFrom('surgery', 'medicine', 'icu');
const unit = fc.constantFrom('year', 'quarter', 'month', 'week', 'day');

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const listed = (values: readonly (string | number | bigint)[]): string =>
  values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(', ');

interface Made {
  reals: Reals;
  integers: Integers;
  texts: Texts;
  days: Days;
  tests: Tests;
}

type MadeArbitraries = { readonly [N in keyof Made]: fc.Arbitrary<Made[N]> };

/** Two parts and how they are put together. */
function pair<A, B, E>(
  a: fc.Arbitrary<Twice<A>>,
  b: fc.Arbitrary<Twice<B>>,
  build: (a: A, b: B) => E,
  write: (a: string, b: string) => string,
): fc.Arbitrary<Twice<E>> {
  return fc.tuple(a, b).map(([x, y]) => ({
    built: (...tables) => build(x.built(...tables), y.built(...tables)),
    sql: write(`(${x.sql})`, `(${y.sql})`),
  }));
}

/** A part, a value, and how they are put together. */
function given<A, V, E>(
  a: fc.Arbitrary<Twice<A>>,
  values: fc.Arbitrary<V>,
  build: (a: A, value: V) => E,
  write: (a: string, value: V) => string,
): fc.Arbitrary<Twice<E>> {
  return fc.tuple(a, values).map(([x, value]) => ({
    built: (...tables) => build(x.built(...tables), value),
    sql: write(`(${x.sql})`, value),
  }));
}

const EXPRESSIONS: MadeArbitraries = fc.letrec<Made>((tie: fc.LetrecTypedTie<Made>): MadeArbitraries => {
  const [reals, integers, texts, days, tests] = [
    tie('reals'),
    tie('integers'),
    tie('texts'),
    tie('days'),
    tie('tests'),
  ];
  return {
    reals: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<Reals>({ built: (v) => v.cost, sql: 'v.cost' }),
      pair(
        reals,
        reals,
        (a, b) => a.plus(b),
        (a, b) => `${a} + ${b}`,
      ),
      pair(
        reals,
        integers,
        (a, b) => a.minus(b),
        (a, b) => `${a} - ${b}`,
      ),
      pair(
        reals,
        reals,
        (a, b) => a.minus(b),
        (a, b) => `${a} - ${b}`,
      ),
      pair(
        integers,
        reals,
        (a, b) => a.dividedBy(b),
        (a, b) => `${a} / ${b}`,
      ),
      given(
        reals,
        decimal,
        (a, x) => a.times(x),
        (a, x) => `${a} * ${x}`,
      ),
      given(
        reals,
        fc.integer({ min: -3, max: 3 }),
        (a, n) => round(a, n),
        (a, n) => `round(${a}, ${n})`,
      ),
      given(
        reals,
        fc.constant(null),
        (a) => a.negate(),
        (a) => `-${a}`,
      ),
      pair(
        tests,
        reals,
        (a, b) => when(a, b).else(0.5),
        (a, b) => `CASE WHEN ${a} THEN ${b} ELSE 0.5 END`,
      ),
    ),
    integers: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<Integers>({ built: (_, p) => p.birth_year, sql: 'p.birth_year' }),
      pair(
        integers,
        integers,
        (a, b) => a.intDividedBy(b).modulo(b),
        (a, b) => `(${a} // ${b}) % ${b}`,
      ),
      pair(
        integers,
        integers,
        (a, b) => a.minus(b.minus(a)),
        (a, b) => `${a} - (${b} - ${a})`,
      ),
      given(
        integers,
        whole,
        (a, n) => coalesce(a, n),
        (a, n) => `coalesce(${a}, ${n})`,
      ),
      pair(
        days,
        days,
        (a, b) => a.minus(b),
        (a, b) => `${a} - ${b}`,
      ),
      fc.tuple(unit, day, days).map(
        ([part, from, to]): Integers => ({
          built: (...tables) => dateDiff(part, from, to.built(...tables)),
          sql: `date_diff('${part}', DATE '${from}', ${to.sql})`,
        }),
      ),
      given(
        days,
        unit,
        (a, part) => datePart(part, a),
        (a, part) => `date_part('${part}', ${a})`,
      ),
    ),
    texts: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<Texts>({ built: (v) => v.ward, sql: 'v.ward' }),
      fc.constant<Texts>({ built: (_, p) => p.city, sql: 'p.city' }),
      pair(
        texts,
        texts,
        (a, b) => a.append(lower(b)),
        (a, b) => `${a} || lower(${b})`,
      ),
      given(
        texts,
        text,
        (a, x) => concat(x, a, 1),
        (a, x) => `concat(${quoted(x)}, ${a}, 1)`,
      ),
      given(
        texts,
        whole,
        (a, n) => left(a, n),
        (a, n) => `left(${a}, ${n})`,
      ),
      given(
        tests,
        fc.tuple(text, text),
        (a, [x, y]) => when(a, x).else(y),
        (a, [x, y]) => `CASE WHEN ${a} THEN ${quoted(x)} ELSE ${quoted(y)} END`,
      ),
    ),
    days: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<Days>({ built: (v) => v.start_date, sql: 'v.start_date' }),
      fc.tuple(days, integers, unit).map(
        ([from, by, part]): Days => ({
          built: (...tables) => from.built(...tables).plus(by.built(...tables), part),
          sql: `(${from.sql}) + INTERVAL (${by.sql}) ${part}`,
        }),
      ),
      fc.tuple(days, fc.integer({ min: -9, max: 99 }), unit).map(
        ([from, by, part]): Days => ({
          built: (...tables) => from.built(...tables).minus(by, part),
          sql: `(${from.sql}) - INTERVAL (${by}) ${part}`,
        }),
      ),
    ),
    tests: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      given(
        fc.constant<Reals>({ built: (v) => v.cost, sql: 'v.cost' }),
        decimal,
        (a, x) => a.gt(x),
        (a, x) => `${a} > ${x}`,
      ),
      given(
        fc.constant({ built: (...[v]: Tables) => v.ward, sql: 'v.ward' }),
        ward,
        (a, x) => a.eq(x),
        (a, x) => `${a} = '${x}'`,
      ),
      pair(
        tests,
        tests,
        (a, b) => a.and(b),
        (a, b) => `${a} AND ${b}`,
      ),
      pair(
        tests,
        tests,
        (a, b) => a.or(b),
        (a, b) => `${a} OR ${b}`,
      ),
      given(
        tests,
        fc.constant(null),
        (a) => a.not(),
        (a) => `NOT ${a}`,
      ),
      pair(
        reals,
        integers,
        (a, b) => a.le(b),
        (a, b) => `${a} <= ${b}`,
      ),
      pair(
        texts,
        texts,
        (a, b) => a.isDistinctFrom(b),
        (a, b) => `${a} IS DISTINCT FROM ${b}`,
      ),
      pair(
        tests,
        tests,
        (a, b) => a.eq(b),
        (a, b) => `${a} = ${b}`,
      ),
      given(
        texts,
        text,
        (a, x) => a.like(x),
        (a, x) => `${a} LIKE ${quoted(x)}`,
      ),
      given(
        texts,
        fc.array(text, { minLength: 1, maxLength: 3 }),
        (a, list) => a.in(list),
        (a, list) => `${a} IN (${listed(list)})`,
      ),
      given(
        integers,
        fc.array(whole, { minLength: 1, maxLength: 3 }),
        (a, list) => a.notIn(list),
        (a, list) => `${a} NOT IN (${listed(list)})`,
      ),
      given(
        days,
        fc.tuple(day, day),
        (a, [low, high]) => a.between(low, high),
        (a, [low, high]) => `${a} BETWEEN DATE '${low}' AND DATE '${high}'`,
      ),
      given(
        texts,
        fc.constant(null),
        (a) => a.isNull(),
        (a) => `${a} IS NULL`,
      ),
      given(
        integers,
        fc.constant(null),
        (a) => a.isNotNull(),
        (a) => `${a} IS NOT NULL`,
      ),
      ward.map(
        (name): Tests => ({
          built: (v) =>
            exists(
              from('visit')
                .where((w) => w.person_id.eq(v.person_id))
                .where((w) => w.ward.ne(name)),
            ),
          sql: `EXISTS (SELECT * FROM visit AS w WHERE (w.person_id = v.person_id) AND (w.ward <> '${name}'))`,
        }),
      ),
      given(
        fc.constant({ built: (...[, p]: Tables) => p.person_id, sql: 'p.person_id' }),
        decimal,
        (a, x) =>
          a.notIn(
            from('visit')
              .where((v) => v.cost.lt(x))
              .select(({ person_id }) => ({ person_id })),
          ),
        (a, x) => `${a} NOT IN (SELECT w.person_id FROM visit AS w WHERE w.cost < ${x})`,
      ),
    ),
  };
});

/** A question, built and as text. */
export interface Asked {
  readonly built: Query;
  readonly sql: string;
}

type Value = Twice<Expr<'text' | 'integer', unknown>>;
const keys: fc.Arbitrary<readonly Value[]> = fc.array(
  fc.oneof(
    EXPRESSIONS.texts,
    EXPRESSIONS.integers,
    fc.constant<Value>({ built: (v) => datePart('month', v.start_date), sql: 'month(v.start_date)' }),
  ) as fc.Arbitrary<Value>,
  { maxLength: 3 },
);

/** Groups of visits and their persons, filtered, ordered and cut. */
export const groups: fc.Arbitrary<Asked> = fc
  .record({
    where: fc.array(EXPRESSIONS.tests, { maxLength: 3 }),
    keys,
    rolled: fc.boolean(),
    number: EXPRESSIONS.reals,
    filter: EXPRESSIONS.tests,
    least: decimal,
    descending: fc.boolean(),
    limit: fc.option(fc.integer({ min: 0, max: 99 })),
  })
  .map(({ where, keys, rolled, number, filter, least, descending, limit }) => {
    const filtered = where.reduce((all, one) => all.where(one.built), rows);
    const grouped = filtered.groupBy((...tables) => {
      const built = keys.map((key) => key.built(...tables));
      return rolled ? [rollup(...built)] : built;
    });
    const selected = (...tables: Tables) => ({
      ...Object.fromEntries(keys.map((key, i) => [`k${i}`, key.built(...tables)])),
      'the count': count(),
      units: countDistinct(tables[1].person_id),
      total: sum(number.built(...tables))
        .filter(filter.built(...tables))
        .dividedBy(count()),
      mean: avg(number.built(...tables)),
    });
    const answer = keys.length === 0 ? filtered.select(selected) : grouped.select(selected);
    const ordered = answer
      .having((o) => o.mean.gt(least).or(o.total.isNull()))
      .orderBy((o) => [descending ? o['the count'].desc('nulls first') : o['the count'], o.units.plus(o.mean).desc()]);
    const list = keys.map((key) => `(${key.sql})`).join(', ');
    const total = `((sum(${number.sql}) FILTER (WHERE ${filter.sql})) / (count(*)))`;
    const mean = `avg(${number.sql})`;
    return {
      built: limit === null ? ordered : ordered.limit(limit).offset(1),
      sql: `SELECT ${keys.map((key, i) => `(${key.sql}) AS k${i}, `).join('')}count(*) AS "the count",
        count(DISTINCT p.person_id) AS units, ${total} AS total, ${mean} AS mean FROM ${ROWS}
        ${where.length === 0 ? '' : `WHERE ${where.map(({ sql }) => `(${sql})`).join(' AND ')}`}
        ${keys.length === 0 ? '' : `GROUP BY ${rolled ? `ROLLUP (${list})` : list}`}
        HAVING (${mean} > ${least}) OR (${total} IS NULL)
        ORDER BY count(*) ${descending ? 'DESC NULLS FIRST' : 'ASC'}, (count(DISTINCT p.person_id) + ${mean}) DESC
        ${limit === null ? '' : `LIMIT ${limit} OFFSET 1`}`,
    };
  });

/** Groups of persons by what a window or an aggregate says of their visits, of one ward or two. */
export const cohorts: fc.Arbitrary<Asked> = fc
  .record({
    condition: EXPRESSIONS.tests,
    value: EXPRESSIONS.reals,
    operation: fc.constantFrom('unionAll', 'union', 'intersect', 'except'),
    windowed: fc.boolean(),
    place: fc.integer({ min: 1, max: 5 }),
    width: decimal,
  })
  .map(({ condition, value, operation, windowed, place, width }) => {
    const kept = rows.where(condition.built);
    const perUnit = windowed
      ? kept.select((v, p) => ({
          place: rowNumber().over({ partitionBy: p.person_id, orderBy: [v.start_date, v.cost.desc()] }),
          value: value.built(v, p),
          person_id: p.person_id,
        }))
      : kept
          .groupBy((_, p) => p.person_id)
          .select((v, p) => ({ place: count(), value: max(value.built(v, p)), person_id: p.person_id }));
    const others = rows.select((v, p) => ({ person_id: p.person_id, value: v.cost, place: p.birth_year }));
    const both = from(perUnit[operation](others)).where((u) => u.place.le(place));
    const inner = windowed
      ? `SELECT row_number() OVER (PARTITION BY p.person_id ORDER BY v.start_date, v.cost DESC) AS place,
         ${value.sql} AS value, p.person_id FROM ${ROWS} WHERE ${condition.sql}`
      : `SELECT count(*) AS place, max(${value.sql}) AS value, p.person_id FROM ${ROWS} WHERE ${condition.sql}
         GROUP BY p.person_id`;
    const word = operation === 'unionAll' ? 'UNION ALL' : operation;
    return {
      built: both
        .groupBy((u) => floor(u.value.dividedBy(width)))
        .select((u) => ({ bin: floor(u.value.dividedBy(width)), n: countDistinct(u.person_id) })),
      sql: `SELECT floor(value / (${width})) AS bin, count(DISTINCT person_id) AS n FROM
        ((${inner}) ${word} (SELECT p.birth_year, v.cost, p.person_id FROM ${ROWS})) AS u
        WHERE place <= ${place} GROUP BY floor(value / (${width}))`,
    };
  });
