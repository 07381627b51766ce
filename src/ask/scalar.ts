/**
 * The closed table of scalar functions: what each takes, gives and means. Every function is total: what cannot be
 * computed is NULL, nothing raises. `evaluate.ts` computes these meanings, engines print SQL that agrees bit for bit.
 *
 * Common to all: integers have 64 bits; doubles are IEEE 754 binary64 without NaN (a NaN result is NULL); text compares
 * by code points; calendars are proleptic Gregorian; date arithmetic that leaves the years 0001 to 9999 is NULL.
 * Where nothing is said, the meaning is DuckDB 1.5's.
 */
import type { ScalarName } from './ir.ts';
import type { SqlType } from './types.ts';

/**
 * What a parameter takes. Arguments of `number`, `moment` and `same` parameters of one call are brought to one type:
 * integers become doubles beside doubles, dates become timestamps beside timestamps, and a text constant is read as the
 * type of the others. `number` is integer or double, `moment` date or timestamp, `orderable` any type but key, `same`
 * any type. `double` takes integers too. `printed` takes any type but key and is cast to text. `part` is a constant.
 */
export type Wanted =
  | 'number'
  | 'moment'
  | 'same'
  | 'orderable'
  | 'text'
  | 'integer'
  | 'double'
  | 'boolean'
  | 'printed'
  | 'part';

/** One scalar function of the tree. */
export interface Scalar {
  /** Parameters in order; where `variadic`, the last one repeats. */
  readonly params: readonly Wanted[];
  /** How many of them must be given. */
  readonly required: number;
  readonly variadic: boolean;
  /** `common`: the one type that the arguments were brought to. */
  readonly result: SqlType | 'common';
  /**
   * `strict`: NULL if and only if an argument is. `partial`: NULL if an argument is, and where nothing can be computed.
   * `all`: NULL if and only if all arguments are. `never`: never NULL. `own`: its own rule, nullable if an argument is.
   */
  readonly nulls: 'strict' | 'partial' | 'all' | 'never' | 'own';
  /** One sentence for the reference. */
  readonly meaning: string;
}

type Nulls = Scalar['nulls'];

function fixed(params: readonly Wanted[], result: Scalar['result'], nulls: Nulls, meaning: string): Scalar {
  return { params, required: params.length, variadic: false, result, nulls, meaning };
}

function optional(
  params: readonly Wanted[],
  required: number,
  result: Scalar['result'],
  nulls: Nulls,
  meaning: string,
): Scalar {
  return { params, required, variadic: false, result, nulls, meaning };
}

function variadic(param: Wanted, required: number, result: Scalar['result'], nulls: Nulls, meaning: string): Scalar {
  return { params: [param], required, variadic: true, result, nulls, meaning };
}

const COMPARED =
  'false is below true; −0 equals 0; −Infinity and Infinity are the ends; integers beside doubles are ' as const;

/** Signatures and meanings, by name in the tree. */
export const SCALARS: Readonly<Record<ScalarName, Scalar>> = {
  add: fixed(['number', 'number'], 'common', 'partial', 'Sum; NULL where an integer sum leaves 64 bits.'),
  subtract: fixed(['number', 'number'], 'common', 'partial', 'Difference; NULL where an integer leaves 64 bits.'),
  multiply: fixed(['number', 'number'], 'common', 'partial', 'Product; NULL where an integer leaves 64 bits.'),
  divide: fixed(['double', 'double'], 'double', 'partial', 'Quotient of doubles, also of integers; by zero NULL.'),
  'int-divide': fixed(
    ['integer', 'integer'],
    'integer',
    'partial',
    'Quotient of integers, truncated toward zero; by zero NULL, and NULL where it leaves 64 bits.',
  ),
  modulo: fixed(
    ['number', 'number'],
    'common',
    'partial',
    'Remainder with the sign of the dividend; by zero NULL. For doubles exact, as C fmod.',
  ),
  negate: fixed(['number'], 'common', 'partial', 'Opposite; NULL for the least integer.'),
  abs: fixed(['number'], 'common', 'partial', 'Absolute value; NULL for the least integer.'),
  sign: fixed(['number'], 'integer', 'strict', '−1, 0 or 1; 0 for −0.'),
  ceil: fixed(['double'], 'double', 'strict', 'Least whole double at or above; an integer argument stays as it is.'),
  floor: fixed(
    ['double'],
    'double',
    'strict',
    'Greatest whole double at or below; an integer argument stays as it is.',
  ),
  round: optional(
    ['number', 'integer'],
    1,
    'common',
    'partial',
    'Rounded half away from zero to n decimals, n a constant from −15 to 15, 0 if not given. For doubles ' +
      'round(x·10ⁿ)/10ⁿ in doubles (x itself where that is infinite), and round(x/10⁻ⁿ)·10⁻ⁿ for n < 0 (0 where that ' +
      'is infinite). For integers exact; NULL where it leaves 64 bits.',
  ),
  trunc: fixed(['double'], 'double', 'strict', 'Whole part toward zero; an integer argument stays as it is.'),
  sqrt: fixed(['double'], 'double', 'partial', 'Square root, correctly rounded; NULL below zero.'),
  greatest: variadic(
    'orderable',
    1,
    'common',
    'all',
    'Greatest of the arguments that are not NULL; the first of equals.',
  ),
  least: variadic('orderable', 1, 'common', 'all', 'Least of the arguments that are not NULL; the first of equals.'),
  eq: fixed(['same', 'same'], 'boolean', 'strict', `Equal; ${COMPARED}compared as doubles.`),
  ne: fixed(['same', 'same'], 'boolean', 'strict', 'Not equal.'),
  lt: fixed(['orderable', 'orderable'], 'boolean', 'strict', 'Less; text by code points.'),
  le: fixed(['orderable', 'orderable'], 'boolean', 'strict', 'Less or equal.'),
  gt: fixed(['orderable', 'orderable'], 'boolean', 'strict', 'Greater.'),
  ge: fixed(['orderable', 'orderable'], 'boolean', 'strict', 'Greater or equal.'),
  'is-distinct': fixed(['same', 'same'], 'boolean', 'never', 'Not equal, where NULL equals NULL alone.'),
  'is-not-distinct': fixed(['same', 'same'], 'boolean', 'never', 'Equal, where NULL equals NULL alone.'),
  and: variadic('boolean', 2, 'boolean', 'own', 'False if one is false, else NULL if one is NULL, else true.'),
  or: variadic('boolean', 2, 'boolean', 'own', 'True if one is true, else NULL if one is NULL, else false.'),
  not: fixed(['boolean'], 'boolean', 'strict', 'Negation; NULL of NULL.'),
  'is-null': fixed(['same'], 'boolean', 'never', 'Whether it is NULL.'),
  'is-not-null': fixed(['same'], 'boolean', 'never', 'Whether it is not NULL.'),
  coalesce: variadic('same', 1, 'common', 'all', 'First argument that is not NULL.'),
  nullif: fixed(
    ['orderable', 'orderable'],
    'common',
    'partial',
    'NULL if both are equal, else the first; never NULL by the second.',
  ),
  like: fixed(
    ['text', 'text'],
    'boolean',
    'strict',
    'Pattern over the whole text: % any run, _ one code point, all else itself; there is no escape.',
  ),
  ilike: fixed(['text', 'text'], 'boolean', 'strict', 'LIKE after lower() of both.'),
  lower: fixed(['text'], 'text', 'strict', 'Lower case, code point by code point, Unicode 15 simple mapping.'),
  upper: fixed(
    ['text'],
    'text',
    'strict',
    'Upper case, code point by code point, Unicode 15 simple mapping; ß gives ẞ.',
  ),
  trim: optional(
    ['text', 'text'],
    1,
    'text',
    'strict',
    'Without the code points of the second at both ends; spaces (Zs).',
  ),
  ltrim: optional(
    ['text', 'text'],
    1,
    'text',
    'strict',
    'Without the code points of the second at the start; spaces (Zs).',
  ),
  rtrim: optional(
    ['text', 'text'],
    1,
    'text',
    'strict',
    'Without the code points of the second at the end; spaces (Zs).',
  ),
  length: fixed(['text'], 'integer', 'strict', 'Number of code points.'),
  substring: optional(
    ['text', 'integer', 'integer'],
    2,
    'text',
    'strict',
    'Code points from a position on, counted from 1, or from the end where negative (0 stands before the first); a ' +
      'length below zero reaches back from there.',
  ),
  left: fixed(['text', 'integer'], 'text', 'strict', 'First n code points; all but the last −n where n < 0.'),
  right: fixed(['text', 'integer'], 'text', 'strict', 'Last n code points; all but the first −n where n < 0.'),
  concat: variadic('printed', 1, 'text', 'never', 'Texts joined, NULL read as empty; other types as cast to text.'),
  'concat-operator': fixed(['printed', 'printed'], 'text', 'strict', 'Texts joined; NULL if one is.'),
  replace: fixed(['text', 'text', 'text'], 'text', 'strict', 'Every occurrence of the second replaced, left to right.'),
  'starts-with': fixed(['text', 'text'], 'boolean', 'strict', 'Whether the first begins with the second.'),
  'ends-with': fixed(['text', 'text'], 'boolean', 'strict', 'Whether the first ends with the second.'),
  contains: fixed(['text', 'text'], 'boolean', 'strict', 'Whether the second stands in the first.'),
  strpos: fixed(
    ['text', 'text'],
    'integer',
    'strict',
    'Position of the second in the first in code points from 1; 0: absent.',
  ),
  'date-trunc': fixed(
    ['part', 'moment'],
    'common',
    'partial',
    'Start of the year, quarter, month, ISO week (Monday), day, hour, minute or second; a date stays a date down to ' +
      'the day and becomes a timestamp below.',
  ),
  'date-part': fixed(
    ['part', 'moment'],
    'integer',
    'strict',
    'Year, quarter, month, day, hour, minute, second (whole), week (ISO 8601), isoyear, dow (0 Sunday), isodow ' +
      '(1 Monday), doy, decade.',
  ),
  'date-diff': fixed(
    ['part', 'moment', 'moment'],
    'integer',
    'strict',
    'Number of starts of the part crossed from the first to the second; weeks start on Monday.',
  ),
  'date-sub': fixed(
    ['part', 'moment', 'moment'],
    'integer',
    'strict',
    'Complete units from the first to the second, negative backwards. A month is complete on the last day of a month ' +
      'too short for the day, so that one born on 29 February has a birthday on 28 February.',
  ),
  'add-days': fixed(['moment', 'integer'], 'common', 'partial', 'Days later; the time of day stays.'),
  'add-months': fixed(
    ['moment', 'integer'],
    'common',
    'partial',
    'Months later, on the last day of the month where it is too short; the time of day stays.',
  ),
  'add-seconds': fixed(
    ['moment', 'integer'],
    'timestamp',
    'partial',
    'Seconds later; a date becomes its first moment.',
  ),
  'make-date': fixed(
    ['integer', 'integer', 'integer'],
    'date',
    'partial',
    'Date of year, month and day; NULL if none.',
  ),
};

/** Parts that `date-trunc`, `date-diff` and `date-sub` know. */
export const DATE_UNITS: ReadonlySet<string> = new Set([
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
]);

/** Parts that `date-part` knows. */
export const DATE_PARTS: ReadonlySet<string> = new Set([...DATE_UNITS, 'isoyear', 'dow', 'isodow', 'doy', 'decade']);

/** Parts finer than a day. */
export const TIME_UNITS: ReadonlySet<string> = new Set(['hour', 'minute', 'second']);

/** Spellings of parts, as DuckDB reads them. */
export const PART_SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    year: ['yr', 'y', 'years', 'yrs'],
    quarter: ['quarters'],
    month: ['mon', 'months', 'mons'],
    week: ['weeks', 'w', 'weekofyear'],
    day: ['days', 'd', 'dayofmonth'],
    hour: ['hr', 'h', 'hours', 'hrs'],
    minute: ['min', 'm', 'minutes', 'mins'],
    second: ['sec', 's', 'seconds', 'secs'],
    dow: ['dayofweek', 'weekday'],
    doy: ['dayofyear'],
    decade: ['dec', 'decades', 'decs'],
  }).flatMap(([part, spellings]) => spellings.map((spelling) => [spelling, part] as const)),
);
