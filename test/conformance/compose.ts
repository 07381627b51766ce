/** Questions put together from steps: each step is a derived table over the last, and every relation shows the unit as `u`. */
import type { Draw } from '../attack/random.ts';
import { listRows } from './listed-rows.ts';

type Type = 'text' | 'integer' | 'double' | 'date' | 'boolean';

interface Field {
  readonly name: string;
  readonly type: Type;
}

/** A SELECT whose columns are `u` and the fields. */
interface Rows {
  readonly sql: string;
  readonly fields: readonly Field[];
}

const field = (name: string, type: Type): Field => ({ name, type });

/** A question over a chain of random steps. Most are accepted; some are not, which is as good. */
export function composeQuestion(draw: Draw): string {
  const names = new Names();
  let rows = base(draw);
  for (let step = draw.int(0, 4); step > 0; step--) rows = next(draw, rows, names);
  return finish(draw, rows, names);
}

class Names {
  #last = 0;

  fresh(letter: string): string {
    this.#last += 1;
    return `${letter}${this.#last}`;
  }
}

function base(draw: Draw): Rows {
  const visit = ['start_date', 'ward', 'cost', 'days', 'note'].map((name, index) =>
    field(name, (['date', 'text', 'double', 'integer', 'text'] as const)[index] as Type),
  );
  return draw.weighted<Rows>([
    [
      5,
      () => ({
        sql: 'SELECT person_id AS u, start_date, ward, cost, days, note FROM visit',
        fields: visit,
      }),
    ],
    [
      3,
      () => ({
        sql: 'SELECT person_id AS u, sex, birth_year, city, smoker FROM person',
        fields: [
          field('sex', 'text'),
          field('birth_year', 'integer'),
          field('city', 'text'),
          field('smoker', 'boolean'),
        ],
      }),
    ],
    [
      2,
      () => ({
        sql: `SELECT v.person_id AS u, l.code, l.value, v.days FROM lab l JOIN visit v ON l.visit_id = v.visit_id${draw.pick(['', " WHERE l.code IN ('a1c', 'sbp')"])}`,
        fields: [field('code', 'text'), field('value', 'double'), field('days', 'integer')],
      }),
    ],
    [
      1,
      () => ({
        sql: 'SELECT person_id AS u, cause, died FROM death',
        fields: [field('cause', 'text'), field('died', 'date')],
      }),
    ],
    [
      1,
      () => ({
        sql:
          'SELECT v.person_id AS u, r.kind, r.score, v.ward FROM visit v LEFT JOIN lab l ON l.visit_id = v.visit_id ' +
          'JOIN remark r ON r.lab_id = l.lab_id',
        fields: [field('kind', 'text'), field('score', 'integer'), field('ward', 'text')],
      }),
    ],
  ]);
}

/** One more step over some rows. */
function next(draw: Draw, rows: Rows, names: Names): Rows {
  const t = names.fresh('t');
  const from = `(${rows.sql}) AS ${t}`;
  const here = (name: string): string => `${t}.${name}`;
  const all = ['u', ...rows.fields.map((one) => one.name)].map(here).join(', ');
  return draw.weighted<Rows>([
    [3, () => ({ ...rows, sql: `SELECT ${all} FROM ${from} WHERE ${condition(draw, rows, t)}` })],
    [2, () => cohort(draw, rows, t, from, all, names)],
    [3, () => joined(draw, rows, t, from, names)],
    [1, () => withPublic(draw, rows, t, from, all, names)],
    [1, () => withListed(draw, rows, t, from, all, names)],
    [3, () => grouped(draw, rows, t, from, names)],
    [2, () => windowed(draw, rows, t, from, all, names)],
    [1, () => distinct(draw, rows, t, from)],
    [2, () => united(draw, rows, names)],
    [1, () => projected(draw, rows, t, from, names)],
  ]);
}

function cohort(draw: Draw, rows: Rows, t: string, from: string, all: string, names: Names): Rows {
  const other = base(draw);
  const x = names.fresh('x');
  const not = draw.chance(0.4) ? 'NOT ' : '';
  const where = condition(draw, other, x);
  const pair = samePair(draw, rows, other);
  const also = pair === null ? '' : ` AND ${x}.${pair[1]} ${draw.pick(['<', '=', '>=', '<>'])} ${t}.${pair[0]}`;
  const test = draw.pick([
    `${t}.u ${not}IN (SELECT ${x}.u FROM (${other.sql}) AS ${x} WHERE ${where})`,
    `${not}EXISTS (SELECT 1 FROM (${other.sql}) AS ${x} WHERE ${x}.u = ${t}.u AND ${where}${also})`,
  ]);
  return { ...rows, sql: `SELECT ${all} FROM ${from} WHERE ${test}` };
}

/** Two fields of one type, one on each side. */
function samePair(draw: Draw, a: Rows, b: Rows): readonly [string, string] | null {
  const pairs = a.fields.flatMap((x) =>
    b.fields.flatMap((y) => (x.type === y.type ? [[x.name, y.name] as const] : [])),
  );
  return pairs.length === 0 ? null : draw.pick(pairs);
}

function joined(draw: Draw, rows: Rows, t: string, from: string, names: Names): Rows {
  let other = base(draw);
  if (draw.chance(0.5)) other = next(draw, other, names);
  const x = names.fresh('x');
  const kept = [
    ...rows.fields.map((one) => ({ one, from: t })),
    ...other.fields.map((one) => ({ one, from: x })),
  ].filter(() => draw.chance(0.7));
  const fields = kept.map(({ one }) => field(names.fresh('f'), one.type));
  const shown = kept.map(({ one, from: side }, index) => `${side}.${one.name} AS ${fields[index]?.name}`);
  const pair = samePair(draw, rows, other);
  const also =
    pair !== null && draw.chance(0.4) ? ` AND ${t}.${pair[0]} ${draw.pick(['<', '=', '<='])} ${x}.${pair[1]}` : '';
  return draw.weighted<Rows>([
    [
      4,
      () => ({
        sql:
          `SELECT ${[`${t}.u`, ...shown].join(', ')} FROM ${from} ${draw.pick(['JOIN', 'LEFT JOIN'])} ` +
          `(${other.sql}) AS ${x} ON ${t}.u = ${x}.u${also}`,
        fields,
      }),
    ],
    [
      1,
      () => ({
        sql: `SELECT ${['u', ...shown].join(', ')} FROM ${from} FULL JOIN (${other.sql}) AS ${x} USING (u)`,
        fields,
      }),
    ],
    [
      1,
      () => {
        // The unit equality in every branch of an OR: along the unit, and yet not the whole of it.
        const branch = (): string => {
          const more = pair === null ? '1 = 0' : `${t}.${pair[0]} ${draw.pick(['<', '=', '>'])} ${x}.${pair[1]}`;
          return `(${t}.u = ${x}.u AND ${draw.chance(0.2) ? '1 = 0' : more})`;
        };
        const kind = draw.pick(['FULL JOIN', 'FULL JOIN', 'LEFT JOIN', 'JOIN']);
        const unit = `COALESCE(${t}.u, ${x}.u) AS u`;
        const on = `${branch()} OR ${branch()}`;
        return {
          sql: `SELECT ${[unit, ...shown].join(', ')} FROM ${from} ${kind} (${other.sql}) AS ${x} ON ${on}`,
          fields,
        };
      },
    ],
  ]);
}

function withPublic(draw: Draw, rows: Rows, t: string, from: string, all: string, names: Names): Rows {
  const texts = rows.fields.filter((one) => one.type === 'text');
  const [name, weight, chapter] = [names.fresh('f'), names.fresh('f'), names.fresh('f')];
  const on = texts.length === 0 ? 'TRUE' : `k.code = ${t}.${draw.pick(texts).name}`;
  return {
    sql:
      `SELECT ${all}, k.name AS ${name}, k.weight AS ${weight}, k.chapter AS ${chapter} ` +
      `FROM ${from} ${draw.pick(['JOIN', 'LEFT JOIN'])} code_name AS k ON ${on}`,
    fields: [...rows.fields, field(name, 'text'), field(weight, 'double'), field(chapter, 'text')],
  };
}

function withListed(draw: Draw, rows: Rows, t: string, from: string, all: string, names: Names): Rows {
  const usable = rows.fields.filter(({ type }) => type === 'text' || type === 'integer' || type === 'double');
  if (usable.length === 0) return rows;
  const x = draw.pick(usable);
  const k = names.fresh('k');
  const listed = listRows(draw, `${t}.${x.name}`, x.type === 'text' ? 'text' : 'number', k);
  const [key, weight] = [field(names.fresh('f'), 'text'), field(names.fresh('f'), 'double')];
  return {
    sql:
      `SELECT ${all}, ${k}.key AS ${key.name}, CAST(${k}.weight AS DOUBLE) AS ${weight.name} ` +
      `FROM ${from} ${draw.pick(['JOIN', 'JOIN', 'LEFT JOIN'])} ${listed.from} ON ${listed.on}`,
    fields: [...rows.fields, field(key.name, 'text'), weight],
  };
}

function grouped(draw: Draw, rows: Rows, t: string, from: string, names: Names): Rows {
  const key = rows.fields.length > 0 && draw.chance(0.4) ? draw.pick(rows.fields) : null;
  const made: { readonly sql: string; readonly type: Type }[] = [{ sql: 'COUNT(*)', type: 'integer' }];
  for (const one of rows.fields) {
    const x = `${t}.${one.name}`;
    if (draw.chance(0.4)) made.push({ sql: `${draw.pick(['MIN', 'MAX'])}(${x})`, type: one.type });
    if (draw.chance(0.2)) made.push({ sql: `COUNT(DISTINCT ${x})`, type: 'integer' });
    if (draw.chance(0.2)) made.push({ sql: `arg_max(${x}, ${t}.${draw.pick(rows.fields).name})`, type: one.type });
    if (one.type === 'boolean') made.push({ sql: `bool_or(${x})`, type: 'boolean' });
    if (draw.chance(0.2)) made.push(orderStatistic(draw, rows, one, t));
    if (one.type === 'integer' || one.type === 'double') {
      const name = draw.pick(['SUM', 'AVG']);
      made.push({ sql: `${name}(${capped(draw, one, t)})`, type: name === 'AVG' ? 'double' : one.type });
    }
  }
  const fields = made.map((one) => field(names.fresh('f'), one.type));
  const shown = made.map((one, index) => `${one.sql} AS ${fields[index]?.name}`);
  const by = key === null ? `${t}.u` : `${t}.u, ${t}.${key.name}`;
  const having = draw.chance(0.2) ? ` HAVING COUNT(*) >= ${draw.int(1, 3)}` : '';
  return {
    sql: `SELECT ${[by, ...shown].join(', ')} FROM ${from} GROUP BY ${by}${having}`,
    fields: [...(key === null ? [] : [key]), ...fields],
  };
}

/** A first, mode, quantile or spread of a field; spreads and means between values stay below a bound the question states. */
function orderStatistic(draw: Draw, rows: Rows, one: Field, t: string): { readonly sql: string; readonly type: Type } {
  const x = `${t}.${one.name}`;
  const by = `${t}.${draw.pick(rows.fields).name}${draw.pick(['', ' DESC', ' NULLS FIRST'])}`;
  const where = draw.chance(0.3) ? ` FILTER (WHERE ${condition(draw, rows, t)})` : '';
  const numeric = one.type === 'integer' || one.type === 'double';
  const values = draw.pick([
    `${draw.pick(['first', 'last', 'any_value'])}(${x} ORDER BY ${by})`,
    `mode(${x})`,
    `quantile_disc(${x}, ${draw.pick(['0.25', '0.5', '0.9'])})`,
  ]);
  if (!numeric || draw.chance(0.4)) return { sql: `${values}${where}`, type: one.type };
  const of = draw.chance(0.5) ? x : capped(draw, one, t);
  const made = draw.pick([
    `median(${of})`,
    `quantile_cont(${of}, ${draw.pick(['0.1', '0.75'])})`,
    `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${of})`,
    `${draw.pick(['stddev', 'stddev_pop', 'variance', 'var_pop'])}(${of})`,
  ]);
  return { sql: `${made}${where}`, type: 'double' };
}

function windowed(draw: Draw, rows: Rows, t: string, from: string, all: string, names: Names): Rows {
  if (rows.fields.length === 0) return rows;
  const x = draw.pick(rows.fields);
  const order = draw.pick(rows.fields);
  const key = draw.chance(0.3) ? `, ${t}.${draw.pick(rows.fields).name}` : '';
  const over = `(PARTITION BY ${t}.u${key} ORDER BY ${t}.${order.name}${draw.pick(['', ' DESC', ' NULLS FIRST'])}`;
  const frame = draw.pick([
    '',
    ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW',
    ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  ]);
  const of = `${t}.${x.name}`;
  const [sql, type] = draw.weighted<readonly [string, Type]>([
    [2, () => [`row_number() OVER ${over})`, 'integer']],
    [1, () => [`${draw.pick(['rank', 'dense_rank'])}() OVER ${over})`, 'integer']],
    [2, () => [`${draw.pick(['lag', 'lead'])}(${of}) OVER ${over})`, x.type]],
    [2, () => [`${draw.pick(['first_value', 'last_value', 'min', 'max'])}(${of}) OVER ${over}${frame})`, x.type]],
    [1, () => [`COUNT(*) OVER ${over}${frame})`, 'integer']],
    [
      1,
      () =>
        x.type === 'integer' || x.type === 'double'
          ? [`SUM(${capped(draw, x, t)}) OVER ${over}${frame})`, x.type]
          : [`COUNT(${of}) OVER ${over})`, 'integer'],
    ],
  ]);
  if (draw.chance(0.25)) {
    return { ...rows, sql: `SELECT ${all} FROM ${from} QUALIFY row_number() OVER ${over}) <= ${draw.int(1, 3)}` };
  }
  const name = names.fresh('f');
  return { sql: `SELECT ${all}, ${sql} AS ${name} FROM ${from}`, fields: [...rows.fields, field(name, type)] };
}

function distinct(draw: Draw, rows: Rows, t: string, from: string): Rows {
  const kept = rows.fields.filter(() => draw.chance(0.5));
  const shown = ['u', ...kept.map((one) => one.name)].map((name) => `${t}.${name}`);
  return { sql: `SELECT DISTINCT ${shown.join(', ')} FROM ${from}`, fields: kept };
}

function united(draw: Draw, rows: Rows, names: Names): Rows {
  const other = base(draw);
  const pair = samePair(draw, rows, other);
  const [t, x] = [names.fresh('t'), names.fresh('x')];
  const operation = draw.pick(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT']);
  if (pair === null) {
    return {
      sql: `SELECT ${t}.u FROM (${rows.sql}) AS ${t} ${operation} SELECT ${x}.u FROM (${other.sql}) AS ${x}`,
      fields: [],
    };
  }
  const one = rows.fields.find(({ name }) => name === pair[0]) as Field;
  return {
    sql:
      `SELECT ${t}.u, ${t}.${pair[0]} FROM (${rows.sql}) AS ${t} ${operation} ` +
      `SELECT ${x}.u, ${x}.${pair[1]} FROM (${other.sql}) AS ${x}`,
    fields: [one],
  };
}

function projected(draw: Draw, rows: Rows, t: string, from: string, names: Names): Rows {
  const fields: Field[] = [];
  const shown: string[] = [];
  for (const one of rows.fields) {
    const name = names.fresh('f');
    const x = `${t}.${one.name}`;
    const numeric = one.type === 'integer' || one.type === 'double';
    const [sql, type] = draw.pick<readonly [string, Type]>([
      [x, one.type],
      [`CASE WHEN ${condition(draw, rows, t)} THEN ${x} END`, one.type],
      [numeric ? capped(draw, one, t) : x, one.type],
      [`${x} IS NULL`, 'boolean'],
    ]);
    fields.push(field(name, type));
    shown.push(`${sql} AS ${name}`);
  }
  return { sql: `SELECT ${[`${t}.u`, ...shown].join(', ')} FROM ${from}`, fields };
}

/** A number kept in bounds that the question states. */
function capped(draw: Draw, one: Field, t: string): string {
  const [low, high] = draw.pick([
    [0, 5],
    [-3, 9],
    [-100, 1000],
    [2, 2],
  ] as const);
  return `LEAST(GREATEST(${t}.${one.name}, ${low}), ${high})`;
}

function condition(draw: Draw, rows: Rows, t: string): string {
  if (rows.fields.length === 0) return 'TRUE';
  const one = draw.pick(rows.fields);
  const x = `${t}.${one.name}`;
  if (draw.chance(0.1)) return `${x} IS ${draw.pick(['', 'NOT '])}NULL`;
  const sign = draw.pick(['=', '<>', '<', '<=', '>', '>=']);
  switch (one.type) {
    case 'boolean':
      return draw.pick([x, `NOT ${x}`, `${x} IS NOT TRUE`]);
    case 'date':
      return `${x} ${sign} DATE '${draw.pick(['2019-01-14', '2018-06-01', '2022-03-04'])}'`;
    case 'text':
      return draw.pick([
        `${x} ${sign} '${draw.pick(['icu', 'F', 'a', 'abc', 'a1c', 'Lagos'])}'`,
        `${x} IN ('icu', 'F', 'sbp', 'x', '')`,
        `length(${x}) > ${draw.int(0, 5)}`,
        `upper(${x}) LIKE '%${draw.pick(['I', 'A', '_'])}%'`,
      ]);
    default:
      return draw.pick([
        `${x} ${sign} ${draw.int(-2, 12)}`,
        `${x} BETWEEN ${draw.int(-2, 3)} AND ${draw.int(3, 2000)}`,
        `${x} % 2 = 0`,
      ]);
  }
}

function keyOf(draw: Draw, rows: Rows, t: string): string | null {
  if (rows.fields.length === 0) return null;
  const one = draw.pick(rows.fields);
  const x = `${t}.${one.name}`;
  const bands = `CASE WHEN ${condition(draw, rows, t)} THEN 'a' WHEN ${condition(draw, rows, t)} THEN 'b' END`;
  switch (one.type) {
    case 'text':
      return draw.pick([x, x, bands, `left(${x}, 1)`]);
    case 'integer':
      return draw.pick([x, `LEAST(GREATEST(${x}, 0), 6)`, `${x} // 10`, bands]);
    case 'double':
      return draw.pick([bands, `floor(LEAST(GREATEST(${x}, 0), 50) / 10)`, `${x} > 3`]);
    case 'date':
      return draw.pick([`extract(year FROM ${x})`, `date_trunc('year', ${x})`, `extract(isodow FROM ${x})`]);
    default:
      return x;
  }
}

function finish(draw: Draw, rows: Rows, names: Names): string {
  const t = names.fresh('t');
  const keys = Array.from({ length: draw.int(0, 2) }, () => keyOf(draw, rows, t)).filter((key) => key !== null);
  const numbers = rows.fields.filter((one) => one.type === 'integer' || one.type === 'double');
  const where = (): string => (draw.chance(0.25) ? ` FILTER (WHERE ${condition(draw, rows, t)})` : '');
  const calls = Array.from({ length: draw.int(1, 3) }, () =>
    draw.weighted<string>([
      [3, () => `COUNT(*)${where()}`],
      [2, () => `COUNT(DISTINCT ${t}.u)${where()}`],
      [
        1,
        () => (rows.fields.length === 0 ? 'COUNT(*)' : `COUNT(DISTINCT ${t}.${draw.pick(rows.fields).name})${where()}`),
      ],
      [2, () => (numbers.length === 0 ? 'COUNT(*)' : `SUM(${capped(draw, draw.pick(numbers), t)})${where()}`)],
      [2, () => (numbers.length === 0 ? 'COUNT(*)' : `AVG(${capped(draw, draw.pick(numbers), t)})${where()}`)],
    ]),
  );
  const group =
    keys.length === 0
      ? ''
      : keys.length > 1 && draw.chance(0.4)
        ? ` GROUP BY ${draw.pick(['ROLLUP', 'CUBE'])} (k0, k1)`
        : ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}`;
  const items = [
    ...keys.map((key, index) => `${key} AS k${index}`),
    ...calls.map((call, index) => `${call} AS a${index}`),
  ];
  return `SELECT ${items.join(', ')} FROM (${rows.sql}) AS ${t}${group}`;
}
