/** Texts: counted and cut in code points, compared by bytes. */
import type { Call } from '../../../ask/ir.ts';
import { convert } from '../convert.ts';
import { bigintSql } from '../literal.ts';
import { COUNT_HIGH, integer, naming, type Printed, printed } from '../printed.ts';

/** Numbers of characters beyond this mean the same as this; DuckDB refuses offsets beyond 32 bits. */
const POSITION_MAX: bigint = 1n << 31n;

/** A function of texts alone that DuckDB has under `name`. */
export function textFunction(name: string): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'text');
}

export function textPredicate(name: string): (args: readonly Printed[]) => Printed {
  return (args) => printed(`${name}(${texts(args).join(', ')})`, 'boolean');
}

/** trim, ltrim, rtrim: spaces (U+0020) unless characters are given. */
export function trimming(name: 'trim' | 'ltrim' | 'rtrim'): (args: readonly Printed[]) => Printed {
  return (args) => {
    const [value, characters = "' '"] = texts(args);
    return printed(`${name}(${value}, ${characters})`, 'text');
  };
}

export function length(args: readonly Printed[]): Printed {
  return integer(`length(${texts(args)[0]})`, 0n, COUNT_HIGH);
}

export function strpos(args: readonly Printed[]): Printed {
  return integer(`strpos(${texts(args).join(', ')})`, 0n, COUNT_HIGH);
}

/** substring(text, start[, count]). */
export function substring(args: readonly Printed[]): Printed {
  const [value, start, count] = args as [Printed, Printed, Printed | undefined];
  const operands = [texts([value])[0] as string, position(start), ...(count === undefined ? [] : [position(count)])];
  return printed(`substring(${operands.join(', ')})`, 'text');
}

/** left(text, n), right(text, n); a negative n leaves out that many characters at the other end. */
export function side(name: 'left' | 'right'): (args: readonly Printed[]) => Printed {
  return (args) => {
    const [value, count] = args as [Printed, Printed];
    return printed(`${name}(${texts([value])[0]}, ${position(count)})`, 'text');
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

/** LIKE; without ESCAPE no character escapes. ILIKE compares what lower() makes of both. */
export function like(folded: boolean): (args: readonly Printed[], call: Call) => Printed {
  return (args, call) => {
    const [value, pattern] = texts(args.slice(0, 2)).map((sql) => (folded ? `lower(${sql})` : sql)) as [string, string];
    if (args.length === 2) return printed(`(${value} LIKE ${pattern})`, 'boolean');
    const escaper = call.args[2];
    const character = escaper?.kind === 'literal' && typeof escaper.value === 'string' ? escaper.value : '';
    if ([...character].length !== 1) return printed('CAST(NULL AS BOOLEAN)', 'boolean');
    const escaping = (args[2] as Printed).sql;
    // A pattern that ends in a lone escape character would raise an error: it matches nothing knowable.
    return printed(
      `(CASE WHEN ${endsAlone(pattern, escaping)} THEN NULL ELSE ${value} LIKE ${pattern} ESCAPE ${escaping} END)`,
      'boolean',
    );
  };
}

/** An odd number of escape characters at the end. */
function endsAlone(pattern: string, escaping: string): string {
  return naming([pattern], (p) => `((length(${p}) - length(rtrim(${p}, ${escaping}))) % 2 = 1)`);
}

function texts(args: readonly Printed[]): readonly string[] {
  return args.map((arg) => (arg.type === 'text' ? arg : convert(arg, 'text')).sql);
}

function position(count: Printed): string {
  const whole = convert(count, 'integer');
  if (whole.low >= -POSITION_MAX && whole.high <= POSITION_MAX) return whole.sql;
  const [low, high] = [bigintSql(-POSITION_MAX), bigintSql(POSITION_MAX)];
  return naming(
    [whole.sql],
    (x) => `(CASE WHEN ${x} > ${high} THEN ${high} WHEN ${x} < ${low} THEN ${low} ELSE ${x} END)`,
  );
}
