/** Values that take the places of `?`, `$1` and `$name`. */
import { SpannedError } from '../../errors.ts';
import { foldName } from '../../policy/fold-name.ts';
import type { Literal } from '../ir.ts';
import type { Statement, Parameter as SyntaxParameter } from '../sql/syntax.ts';
import type { TypedValue } from '../types.ts';

/**
 * A value for a parameter. Whole numbers up to 2⁵³ and bigints are integers, other numbers doubles, a Date is a
 * timestamp in UTC; text stands for a date or number where one is wanted, as a constant in quotes does.
 */
export type ParameterValue = string | number | bigint | boolean | Date | null;

/** By position for `?` and `$1`, by name for `$name`. */
export type Parameters = readonly ParameterValue[] | Readonly<Record<string, ParameterValue>>;

const INTEGER_HIGH = 2n ** 63n - 1n;
const TEXT_LENGTH_MAX = 100_000;

/**
 * The literal for every parameter of a statement, by its key.
 *
 * @throws SpannedError QUERY_PARAMETER when one is missing, unused, or no value SQL has
 */
export function bindParameters(
  statement: Statement,
  given: Parameters | undefined,
): ReadonlyMap<number | string, Literal> {
  const values = byKey(given);
  const bound = new Map<number | string, Literal>();
  for (const parameter of statement.parameters) {
    const { key, span } = parameter;
    if (bound.has(key)) continue;
    // In plain JavaScript a value that was never set is undefined; it is no NULL.
    if (values.get(key) === undefined) throw missing(parameter, given);
    const value = typed(values.get(key) ?? null, parameter);
    bound.set(key, { kind: 'literal', ...value, nullable: value.value === null, parameter: key, span });
  }
  for (const key of values.keys()) {
    if (!bound.has(key)) {
      throw new SpannedError('QUERY_PARAMETER', null, {
        message: `The question has no parameter ${shown(key)}.`,
        next: 'Remove the value, or use the parameter in the question.',
      });
    }
  }
  return bound;
}

function byKey(given: Parameters | undefined): ReadonlyMap<number | string, ParameterValue> {
  if (given === undefined) return new Map();
  if (isPositional(given)) return new Map(given.map((value, i) => [i + 1, value]));
  return new Map(Object.entries(given).map(([name, value]) => [foldName(name), value]));
}

function isPositional(given: Parameters): given is readonly ParameterValue[] {
  return Array.isArray(given);
}

function shown(key: number | string): string {
  return `$${String(key).slice(0, 64)}`;
}

function missing(parameter: SyntaxParameter, given: Parameters | undefined): SpannedError {
  const { key } = parameter;
  const positional = typeof key === 'number';
  const wrongKind = given !== undefined && isPositional(given) !== positional;
  return new SpannedError('QUERY_PARAMETER', parameter.span, {
    message: `The parameter ${shown(key)} has no value.`,
    next: wrongKind
      ? `Give ${positional ? 'an array of values for ? and $1' : 'an object of values by name for $name'}.`
      : `Give ${positional ? `at least ${key} value${key === 1 ? '' : 's'}` : `a value under the name ${key}`}.`,
  });
}

function typed(value: ParameterValue, parameter: SyntaxParameter): TypedValue {
  const refuse = (what: string, next: string): SpannedError =>
    new SpannedError('QUERY_PARAMETER', parameter.span, {
      message: `The value of parameter ${shown(parameter.key)} ${what}.`,
      next,
    });
  if (value === null) return { type: 'null', value };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (typeof value === 'bigint') {
    if (value > INTEGER_HIGH || value < -INTEGER_HIGH - 1n)
      throw refuse('has more than 64 bits', 'Give a smaller one.');
    return { type: 'integer', value };
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse('is not a finite number', 'Give a number, or null.');
    return Number.isSafeInteger(value) ? { type: 'integer', value: BigInt(value) } : { type: 'double', value };
  }
  if (typeof value === 'string') {
    if (value.length > TEXT_LENGTH_MAX) throw refuse('is too long', `Give at most ${TEXT_LENGTH_MAX} characters.`);
    if (/\p{Surrogate}/u.test(value)) throw refuse('is not valid Unicode', 'Remove the lone surrogate from the text.');
    return { type: 'text', value };
  }
  if (value instanceof Date) {
    const time = value.getTime();
    const year = value.getUTCFullYear();
    if (!(year >= 1 && year <= 9999))
      throw refuse('is no date of the years 0001 to 9999', 'Give a valid Date, or null.');
    return { type: 'timestamp', value: BigInt(time) * 1000n };
  }
  if (Array.isArray(value)) throw refuse('is a list', listAdvice(value, parameter.key));
  throw refuse('is of no kind that SQL has', 'Give a string, number, bigint, boolean, Date or null.');
}

const MEMBERS_SHOWN_MAX = 8;

/** A list has no SQL value; its members have. */
function listAdvice(values: readonly unknown[], key: number | string): string {
  const count = Math.min(Math.max(values.length, 1), MEMBERS_SHOWN_MAX);
  const more = values.length > count ? ', …' : '';
  const names = Array.from({ length: count }, (_, i) => (typeof key === 'number' ? '?' : `$${key}${i + 1}`));
  return `Give a parameter for each member: IN (${names.join(', ')}${more}).`;
}
