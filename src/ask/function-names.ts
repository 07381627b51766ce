/** The closed table of function names: what each name that a question may write stands for. */
import type { AggregateName, ScalarName, WindowName } from './ir.ts';

/** What a function name means. */
export type FunctionMeaning =
  /** A scalar of `scalar.ts`, arguments as written. */
  | { readonly kind: 'scalar'; readonly fn: ScalarName }
  /** `year(x)`: `date-part` with a fixed part. */
  | { readonly kind: 'part'; readonly part: string }
  /** Spelled out by the resolver. */
  | { readonly kind: 'sugar'; readonly sugar: Sugar }
  | { readonly kind: 'aggregate'; readonly name: WrittenAggregate }
  | { readonly kind: 'window'; readonly name: WindowName };

/**
 * Aggregates as they are written. `count-if` counts rows by a condition, `median` is the quantile at one half, `last` the
 * first in the opposite order, `any-value` the first that is not NULL, and a standard deviation the root of a variance.
 */
export type WrittenAggregate =
  | AggregateName
  | 'count-if'
  | 'median'
  | 'last'
  | 'any-value'
  | 'stddev-samp'
  | 'stddev-pop';

/**
 * `if`: if(c, a, b) is CASE WHEN c THEN a ELSE b END. `age`: age_in_years(birth, at) is date_sub('year', birth, at).
 * `last-day`: last day of the month. `date`: CAST AS DATE. `date-add`: date_add(x, INTERVAL …) is x + INTERVAL ….
 */
export type Sugar = 'if' | 'age' | 'last-day' | 'date' | 'date-add';

/** Synonyms by the scalar they stand for. */
const SCALAR_NAMES: Readonly<Partial<Record<ScalarName, readonly string[]>>> = {
  modulo: ['mod', 'fmod'],
  divide: ['fdiv'],
  abs: ['abs'],
  sign: ['sign'],
  ceil: ['ceil', 'ceiling'],
  floor: ['floor'],
  round: ['round'],
  trunc: ['trunc'],
  sqrt: ['sqrt'],
  greatest: ['greatest'],
  least: ['least'],
  coalesce: ['coalesce', 'ifnull', 'nvl'],
  nullif: ['nullif'],
  lower: ['lower', 'lcase'],
  upper: ['upper', 'ucase'],
  trim: ['trim', 'btrim'],
  ltrim: ['ltrim'],
  rtrim: ['rtrim'],
  length: ['length', 'len', 'char_length', 'character_length'],
  substring: ['substring', 'substr'],
  left: ['left'],
  right: ['right'],
  concat: ['concat'],
  replace: ['replace'],
  'starts-with': ['starts_with', 'prefix'],
  'ends-with': ['ends_with', 'suffix'],
  contains: ['contains'],
  strpos: ['strpos', 'instr', 'position'],
  'date-trunc': ['date_trunc', 'datetrunc'],
  'date-part': ['date_part', 'datepart'],
  'date-diff': ['date_diff', 'datediff'],
  'date-sub': ['date_sub', 'datesub'],
  'make-date': ['make_date'],
};

const PART_NAMES: Readonly<Record<string, readonly string[]>> = {
  year: ['year'],
  quarter: ['quarter'],
  month: ['month'],
  week: ['week', 'weekofyear'],
  day: ['day', 'dayofmonth'],
  hour: ['hour'],
  minute: ['minute'],
  second: ['second'],
  isoyear: ['isoyear'],
  dow: ['dayofweek', 'weekday'],
  isodow: ['isodow'],
  doy: ['dayofyear'],
  decade: ['decade'],
};

const SUGAR_NAMES: Readonly<Record<Sugar, readonly string[]>> = {
  if: ['if', 'iff'],
  age: ['age_in_years'],
  'last-day': ['last_day'],
  date: ['date', 'to_date'],
  'date-add': ['date_add'],
};

const AGGREGATE_NAMES: Readonly<Partial<Record<WrittenAggregate, readonly string[]>>> = {
  count: ['count'],
  'count-if': ['count_if', 'countif'],
  sum: ['sum'],
  avg: ['avg', 'mean'],
  min: ['min'],
  max: ['max'],
  'bool-and': ['bool_and', 'every', 'logical_and'],
  'bool-or': ['bool_or', 'logical_or'],
  'arg-min': ['arg_min', 'min_by', 'argmin'],
  'arg-max': ['arg_max', 'max_by', 'argmax'],
  first: ['first'],
  last: ['last'],
  'any-value': ['any_value', 'arbitrary'],
  mode: ['mode'],
  median: ['median'],
  'quantile-cont': ['quantile_cont', 'percentile_cont'],
  'quantile-disc': ['quantile_disc', 'percentile_disc', 'quantile'],
  'stddev-samp': ['stddev', 'stddev_samp'],
  'stddev-pop': ['stddev_pop'],
  'var-samp': ['variance', 'var_samp'],
  'var-pop': ['var_pop'],
};

const WINDOW_NAMES: Readonly<Partial<Record<WindowName, readonly string[]>>> = {
  'row-number': ['row_number'],
  rank: ['rank'],
  'dense-rank': ['dense_rank'],
  lag: ['lag'],
  lead: ['lead'],
  'first-value': ['first_value'],
  'last-value': ['last_value'],
};

/** Every function name a question may use, in lower case. */
export const FUNCTIONS: ReadonlyMap<string, FunctionMeaning> = new Map<string, FunctionMeaning>([
  ...spelled(SCALAR_NAMES, (fn) => ({ kind: 'scalar', fn: fn as ScalarName })),
  ...spelled(PART_NAMES, (part) => ({ kind: 'part', part })),
  ...spelled(SUGAR_NAMES, (sugar) => ({ kind: 'sugar', sugar: sugar as Sugar })),
  ...spelled(AGGREGATE_NAMES, (name) => ({ kind: 'aggregate', name: name as WrittenAggregate })),
  ...spelled(WINDOW_NAMES, (name) => ({ kind: 'window', name: name as WindowName })),
]);

function spelled(
  table: Readonly<Partial<Record<string, readonly string[]>>>,
  meaning: (key: string) => FunctionMeaning,
): readonly (readonly [string, FunctionMeaning])[] {
  return Object.entries(table).flatMap(([key, names]) => (names ?? []).map((name) => [name, meaning(key)] as const));
}
