/** Texts: counted and cut in code points, compared by bytes. */
import { convert } from '../convert.ts';
import { bigintSql } from '../literal.ts';
import { COUNT_HIGH, integer, naming, type Printed, printed } from '../printed.ts';

/** Longer than any text. */
const POSITION_MAX: bigint = 1n << 31n;

/** A function of texts alone that DuckDB has under `name`, with gauze's meaning. */
export function textFunction(name: string): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'text');
}

export function textPredicate(name: string): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'boolean');
}

export function length(args: readonly Printed[]): Printed {
  return integer(`length(${texts(args)[0]})`, 0n, COUNT_HIGH);
}

export function strpos(args: readonly Printed[]): Printed {
  return integer(`strpos(${texts(args).join(', ')})`, 0n, COUNT_HIGH);
}

/**
 * substring(text, start[, count]). Starts and counts that lead out of the text are cut to it first: there DuckDB (1.5.6)
 * answers one thing for a column that holds ASCII alone and another where some row holds more.
 */
export function substring(args: readonly Printed[]): Printed {
  const [value, first, number] = args as [Printed, Printed, Printed | undefined];
  const text = texts([value])[0] as string;
  const start = convert(first, 'integer');
  if (number === undefined) return printed(`substring(${text}, ${clampedTo(start, POSITION_MAX)})`, 'text');
  const count = convert(number, 'integer');
  if (start.low >= 1n && count.low >= 0n) {
    return printed(`substring(${text}, ${clampedTo(start, POSITION_MAX)}, ${clampedTo(count, POSITION_MAX)})`, 'text');
  }
  const sql = naming([text, start.sql, count.sql], (t, s, c) => {
    const wide = `CAST(${s} AS HUGEINT)`;
    const here = `CASE WHEN ${s} > 0 THEN ${wide} - 1 WHEN ${s} < 0 THEN length(${t}) + ${wide} ELSE -1 END`;
    const cut = (end: string): string => `TRY_CAST(least(greatest(${end}, 0), length(${t})) AS BIGINT)`;
    const [a, b] = [cut(here), cut(`(${here}) + ${c}`)];
    const forth = `WHEN ${s} IS NOT NULL AND ${c} >= 0 THEN substring(${t}, ${a} + 1, ${b} - ${a})`;
    const back = `WHEN ${s} IS NOT NULL AND ${c} < 0 THEN substring(${t}, ${b} + 1, ${a} - ${b})`;
    return `(CASE ${forth} ${back} END)`;
  });
  return printed(sql, 'text');
}

/** left(text, n), right(text, n); a negative n leaves out that many characters at the other end. */
export function side(name: 'left' | 'right'): (args: readonly Printed[]) => Printed {
  return (args) => {
    const [value, count] = args as [Printed, Printed];
    return printed(`${name}(${texts([value])[0]}, ${clampedTo(convert(count, 'integer'), POSITION_MAX)})`, 'text');
  };
}

/** concat(…) skips NULL. */
export function concat(args: readonly Printed[]): Printed {
  return args.length === 0 ? printed("''", 'text') : printed(`concat(${texts(args).join(', ')})`, 'text');
}

/** `a || b` is NULL if one of them is. */
export function concatOperator(args: readonly Printed[]): Printed {
  return printed(`(${texts(args).join(' || ')})`, 'text');
}

/** LIKE has no escape character. ILIKE compares what lower() makes of both. */
export function like(folded: boolean): (args: readonly Printed[]) => Printed {
  return (args) => {
    const [value, pattern] = texts(args).map((sql) => (folded ? `lower(${sql})` : sql)) as [string, string];
    return printed(`(${value} LIKE ${pattern})`, 'boolean');
  };
}

function texts(args: readonly Printed[]): readonly string[] {
  return args.map((arg) => (arg.type === 'text' ? arg : convert(arg, 'text')).sql);
}

function inside(count: Printed, reach: bigint): boolean {
  return count.low >= -reach && count.high <= reach;
}

function clampedTo(count: Printed, reach: bigint): string {
  return inside(count, reach) ? count.sql : naming([count.sql], (x) => clamp(x as string, reach));
}

function clamp(sql: string, reach: bigint): string {
  const [low, high] = [bigintSql(-reach), bigintSql(reach)];
  return `(CASE WHEN ${sql} > ${high} THEN ${high} WHEN ${sql} < ${low} THEN ${low} ELSE ${sql} END)`;
}
