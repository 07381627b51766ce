/** What generated questions may say about columns: bounded numbers, conditions, keys. */
import type { Draw } from './random.ts';

/** A column in scope. Numbers and dates are bounded, `values` are public keys. */
export interface Field {
  readonly sql: string;
  readonly type: 'text' | 'integer' | 'double' | 'date' | 'boolean';
  readonly values?: readonly string[];
  readonly low?: number;
  readonly high?: number;
  /** Text without public values: a key that is selected privately. */
  readonly privateKey?: boolean;
}

/** A relation in scope: what stands in FROM, and what the rest may use. */
export interface Scope {
  readonly common: readonly string[];
  readonly from: string;
  readonly fields: readonly Field[];
  /** The privacy unit as written in this scope. */
  readonly unit: string;
  /** Conditions the scope needs, such as the code that bounds a value. */
  readonly where: readonly string[];
}

/** A grouping key with a name. */
export interface Key {
  readonly sql: string;
  readonly alias: string;
}

const DATES = ['2016-02-29', '2018-01-01', '2019-06-30', '2020-12-31', '2023-07-15'];
const CITIES = ['Kyoto', 'Lagos', "L''Aquila", 'São Paulo', '北京'];

/** A scalar of numbers whose range follows from the policy. */
export function number(draw: Draw, scope: Scope, depth: number): string {
  const numbers = scope.fields.filter((field) => field.type === 'integer' || field.type === 'double');
  const dates = scope.fields.filter((field) => field.type === 'date');
  if (depth === 0 || (numbers.length === 0 && dates.length === 0)) {
    return numbers.length > 0 && draw.chance(0.8) ? draw.pick(numbers).sql : String(draw.int(0, 9));
  }
  const inner = (): string => number(draw, scope, depth - 1);
  return draw.weighted<string>([
    [4, () => (numbers.length > 0 ? draw.pick(numbers).sql : inner())],
    [1, () => `${inner()} + ${draw.int(1, 9)}`],
    [1, () => `(${inner()} - ${draw.int(1, 90)}) * ${draw.pick(['2', '0.5', '-1'])}`],
    [1, () => `${inner()} / ${draw.pick(['2', '4.0', '10'])}`],
    [1, () => `LEAST(${inner()}, ${draw.int(10, 500)})`],
    [1, () => `GREATEST(${inner()}, ${draw.int(0, 50)})`],
    [1, () => `COALESCE(${inner()}, ${draw.int(0, 9)})`],
    [1, () => `abs(${inner()})`],
    [1, () => `CASE WHEN ${condition(draw, scope, depth - 1)} THEN ${inner()} ELSE ${draw.int(0, 3)} END`],
    [1, () => `CAST(${inner()} AS ${draw.pick(['INTEGER', 'BIGINT', 'DOUBLE'])})`],
    [1, () => `NULLIF(${inner()}, ${draw.int(0, 9)})`],
    [1, () => `round(${inner()})`],
    [
      1,
      () =>
        dates.length > 0 ? `extract(${draw.pick(['year', 'month', 'day'])} FROM ${draw.pick(dates).sql})` : inner(),
    ],
    [1, () => (dates.length > 0 ? `date_diff('day', DATE '2015-01-01', ${draw.pick(dates).sql})` : inner())],
  ]);
}

/** A condition on one row. */
export function condition(draw: Draw, scope: Scope, depth: number): string {
  if (depth > 0 && draw.chance(0.4)) {
    const inner = (): string => condition(draw, scope, depth - 1);
    return draw.weighted<string>([
      [2, () => `(${inner()} AND ${inner()})`],
      [2, () => `(${inner()} OR ${inner()})`],
      [1, () => `NOT (${inner()})`],
      [1, () => `(${inner()}) IS NOT TRUE`],
      [1, () => `${number(draw, scope, 1)} ${draw.pick(['<', '<=', '>', '>=', '=', '<>'])} ${number(draw, scope, 1)}`],
    ]);
  }
  return fieldCondition(draw, draw.pick(scope.fields));
}

function fieldCondition(draw: Draw, field: Field): string {
  if (draw.chance(0.08)) return `${field.sql} IS ${draw.chance(0.5) ? 'NOT ' : ''}NULL`;
  const sign = draw.pick(['=', '<>', '<', '<=', '>', '>=']);
  switch (field.type) {
    case 'boolean':
      return draw.pick([field.sql, `${field.sql} IS TRUE`, `${field.sql} = FALSE`]);
    case 'date':
      return draw.pick([
        `${field.sql} ${sign} DATE '${draw.pick(DATES)}'`,
        `${field.sql} BETWEEN DATE '2017-01-01' AND DATE '2021-12-31'`,
        `extract(year FROM ${field.sql}) = ${draw.int(2016, 2024)}`,
        `${field.sql} + INTERVAL ${draw.int(1, 90)} DAY ${sign} DATE '${draw.pick(DATES)}'`,
        `date_trunc('month', ${field.sql}) = DATE '2019-05-01'`,
      ]);
    case 'integer':
    case 'double': {
      const low = field.low ?? 0;
      const high = field.high ?? 10;
      const value = (): string => String(draw.int(Math.floor(low), Math.ceil(high)));
      return draw.pick([
        `${field.sql} ${sign} ${value()}`,
        `${field.sql} BETWEEN ${low} AND ${value()}`,
        `${field.sql} NOT IN (${value()}, ${value()}, NULL)`,
        `${field.sql} % 7 = ${draw.int(0, 6)}`,
        `${field.sql} / NULLIF(${field.sql}, ${value()}) > 1`,
      ]);
    }
    case 'text': {
      const values = field.values ?? CITIES;
      const value = (): string => `'${draw.pick(values)}'`;
      return draw.pick([
        `${field.sql} = ${value()}`,
        `${field.sql} IN (${value()}, ${value()})`,
        `${field.sql} IS DISTINCT FROM ${value()}`,
        `lower(${field.sql}) LIKE '%${draw.pick(['a', 'i', 'o'])}%'`,
        `${field.sql} ILIKE '${draw.pick(['m%', '_c_', '%s'])}'`,
        `length(${field.sql}) > ${draw.int(1, 6)}`,
        `left(${field.sql}, 1) = '${draw.pick(['m', 'F', 's'])}'`,
        `${field.sql} || '-x' <> 'icu-x'`,
      ]);
    }
  }
}

/** A key whose groups are finitely many, or (seldom) one that is selected privately. */
export function key(draw: Draw, scope: Scope, index: number): Key {
  const alias = `k${index}`;
  const field = draw.pick(scope.fields);
  switch (field.type) {
    case 'boolean':
      return { sql: field.sql, alias };
    case 'text':
      if (field.values === undefined && !draw.chance(0.3)) return { sql: caseKey(draw, scope), alias };
      return { sql: field.sql, alias };
    case 'date':
      return { sql: draw.pick([`extract(year FROM ${field.sql})`, `extract(quarter FROM ${field.sql})`]), alias };
    default: {
      const width = Math.max(1, Math.round(((field.high ?? 10) - (field.low ?? 0)) / 5));
      const binned =
        field.type === 'integer' ? `${field.sql} // ${width} * ${width}` : `floor(${field.sql} / ${width}) * ${width}`;
      return { sql: draw.chance(0.7) ? binned : caseKey(draw, scope), alias };
    }
  }
}

function caseKey(draw: Draw, scope: Scope): string {
  const branches = Array.from({ length: draw.int(1, 3) }, (_, i) => `WHEN ${condition(draw, scope, 1)} THEN 'c${i}'`);
  return `CASE ${branches.join(' ')} ELSE 'other' END`;
}

/** An aggregate that can be answered over several units. */
export function aggregate(draw: Draw, scope: Scope): string {
  const plain = (): string => {
    const filter = draw.chance(0.25) ? ` FILTER (WHERE ${condition(draw, scope, 1)})` : '';
    return draw.weighted<string>([
      [3, () => `COUNT(*)${filter}`],
      [2, () => `COUNT(DISTINCT ${scope.unit})${filter}`],
      [1, () => `COUNT(${draw.pick(scope.fields).sql})${filter}`],
      [3, () => `SUM(${number(draw, scope, 2)})${filter}`],
      [2, () => `AVG(${number(draw, scope, 1)})${filter}`],
    ]);
  };
  return draw.weighted<string>([
    [6, plain],
    [1, () => `100.0 * COUNT(*) FILTER (WHERE ${condition(draw, scope, 1)}) / COUNT(*)`],
    [1, () => `SUM(${number(draw, scope, 1)}) / NULLIF(COUNT(*), 0)`],
    [1, () => `round(AVG(${number(draw, scope, 1)}), 1)`],
    [1, () => `${plain()} - ${plain()}`],
  ]);
}
