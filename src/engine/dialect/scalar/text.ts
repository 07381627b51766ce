/** Texts: counted and cut in code points, compared by bytes. */
import { convert } from '../convert.ts';
import { bigintSql } from '../literal.ts';
import { COUNT_HIGH, integer, naming, type Printed, printed } from '../printed.ts';

/** Longer than any text. */
const POSITION_MAX: bigint = 1n << 31n;
/** From any position past either end of any text. */
const COUNT_MAX: bigint = (1n << 32n) - 1n;

/** A function of texts alone that DuckDB has under `name`. */
export function textFunction(name: string): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'text');
}

export function textPredicate(name: string): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'boolean');
}

/** trim, ltrim, rtrim: space separators (Unicode Zs) unless characters are given. */
export function trimming(name: 'trim' | 'ltrim' | 'rtrim'): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'text');
}

export function length(args: readonly Printed[]): Printed {
  return integer(`length(${texts(args)[0]})`, 0n, COUNT_HIGH);
}

export function strpos(args: readonly Printed[]): Printed {
  return integer(`strpos(${texts(args).join(', ')})`, 0n, COUNT_HIGH);
}

/**
 * substring(text, start[, count]). DuckDB refuses offsets beyond 32 bits: a start beyond the longest text is moved there,
 * and the count grows by as much, so that the same end is reached.
 */
export function substring(args: readonly Printed[]): Printed {
  const [value, first, number] = args as [Printed, Printed, Printed | undefined];
  const text = texts([value])[0] as string;
  const start = convert(first, 'integer');
  if (number === undefined) return printed(`substring(${text}, ${clampedTo(start, POSITION_MAX)})`, 'text');
  const count = convert(number, 'integer');
  if (inside(start, POSITION_MAX)) {
    return printed(`substring(${text}, ${start.sql}, ${clampedTo(count, COUNT_MAX)})`, 'text');
  }
  const sql = naming([text, start.sql, count.sql], (t, s, c) => {
    const moved = clamp(s as string, POSITION_MAX);
    const reach = `(CAST(${c} AS HUGEINT) + CAST(${s} AS HUGEINT) - ${moved})`;
    return `substring(${t}, ${moved}, CAST(${clamp(reach, COUNT_MAX)} AS BIGINT))`;
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
