/** Scalars of a declared type, read from the text as it was written. */
import { parseDecimal, type Rational } from '../dp/rational.ts';
import { endOfDay, parseIsoDate, parseIsoTimestamp, startOfDay } from './iso.ts';
import { isEmpty, kindOf, type PolicyNode, type ScalarNode } from './node.ts';
import type { PolicyColumn } from './policy.ts';
import type { Problems } from './problems.ts';
import type { Value } from './value.ts';

/** Type of a policy's column. */
export type ColumnType = PolicyColumn['type'];

/** Outcome of reading one scalar: a value, or what is wrong and what to write. */
type Reading = { readonly value: Value } | { readonly what: string; readonly next: string };

/** Which end of a range a value is; a date stands for its whole day where a timestamp is bounded. */
export type End = 'low' | 'high' | null;

/** The value a scalar stands for in a column of this type; undefined, with a problem, when it is none. Never null. */
export function readValue(
  node: PolicyNode,
  type: ColumnType,
  path: string,
  problems: Problems,
  end: End = null,
): Exclude<Value, null> | undefined {
  if (node.kind !== 'scalar') {
    problems.atValue(node, path, `One ${type} value must stand here.`, `Write ${EXAMPLES[type]}.`);
    return undefined;
  }
  const reading = read(node, type, end);
  if ('value' in reading) return reading.value as Exclude<Value, null>;
  if (isEmpty(node)) problems.atKey(node, path, `A ${type} value is missing here.`, `Write ${EXAMPLES[type]}.`);
  else problems.atValue(node, path, reading.what, reading.next);
  return undefined;
}

const EXAMPLES: Readonly<Record<ColumnType, string>> = {
  text: 'text, in quotes where it looks like anything else',
  integer: 'a whole number, such as 42',
  double: 'a number, such as 0.5',
  boolean: 'true or false',
  date: 'a date, such as 2025-12-31',
  timestamp: 'a timestamp, such as 2025-12-31T23:59:59',
};

function read(node: ScalarNode, type: ColumnType, end: End): Reading {
  switch (type) {
    case 'text':
      return readText(node);
    case 'integer':
      return readInteger(node.text);
    case 'double':
      return readDouble(node.text);
    case 'boolean':
      return readBoolean(node.text);
    case 'date':
      return readDate(node.text);
    case 'timestamp':
      return readTimestamp(node.text, end);
  }
}

/** `01` and `1e3` would silently become 1 and 1000, so text that looks like anything else needs its quotes. */
function readText(node: ScalarNode): Reading {
  const kind = kindOf(node);
  if (kind === 'text') {
    return /\p{Cs}/u.test(node.text)
      ? { what: 'This text holds half a character (a lone surrogate).', next: 'Remove it.' }
      : { value: node.text };
  }
  return {
    what: `${node.text} without quotes is read as a ${kind}, and the column is text.`,
    next: `Write "${node.text}" in quotes.`,
  };
}

const INT64_LOW = -(2n ** 63n);
const INT64_HIGH = 2n ** 63n - 1n;

function readInteger(text: string): Reading {
  if (/^[+-]?(?:0|[1-9]\d*)$/.test(text)) {
    const value = BigInt(text);
    return value >= INT64_LOW && value <= INT64_HIGH
      ? { value }
      : { what: `${text} is no 64-bit integer.`, next: `Write a whole number from ${INT64_LOW} to ${INT64_HIGH}.` };
  }
  const decimal = parseDecimal(text);
  const whole = decimal !== null && decimal.denominator === 1n && decimal.numerator.toString().length <= 19;
  return {
    what: `${text} is no plain whole number.`,
    next: whole ? `Write ${decimal.numerator}.` : `Write ${EXAMPLES.integer}, or declare the column as text.`,
  };
}

function readDouble(text: string): Reading {
  const value = parseDecimal(text) === null ? Number.NaN : Number(text);
  // Adding zero turns −0 into 0: the two are equal in SQL and must be in digests.
  return Number.isFinite(value)
    ? { value: value + 0 }
    : { what: `${text} is no finite decimal number.`, next: `Write ${EXAMPLES.double}.` };
}

function readBoolean(text: string): Reading {
  if (/^(?:true|True|TRUE)$/.test(text)) return { value: true };
  if (/^(?:false|False|FALSE)$/.test(text)) return { value: false };
  return { what: `${text} is neither true nor false.`, next: 'Write true or false.' };
}

function readDate(text: string): Reading {
  const value = parseIsoDate(text);
  if (value !== null) return { value };
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? '';
  return {
    what: `${text} is no date.`,
    next:
      day !== text && parseIsoDate(day) !== null
        ? `Write ${day}.`
        : 'Write a date that exists as YYYY-MM-DD, such as 2025-12-31.',
  };
}

function readTimestamp(text: string, end: End): Reading {
  const day = parseIsoDate(text);
  if (day !== null) return { value: end === 'high' ? endOfDay(day) : startOfDay(day) };
  const value = parseIsoTimestamp(text);
  if (value !== null) return { value };
  return {
    what: `${text} is no timestamp without a zone.`,
    next: 'Write YYYY-MM-DDThh:mm:ss, such as 2025-12-31T23:59:59, in the local time of the column.',
  };
}

/** Limits of an exact decimal. */
export interface DecimalRange {
  /** What the number is, with its limits, as it follows "Write …". */
  readonly wanted: string;
  readonly accepts: (value: Rational) => boolean;
}

/** An exact decimal within limits; null, with a problem, when it is none. Quotes are allowed, to keep digits. */
export function readDecimal(node: PolicyNode, path: string, range: DecimalRange, problems: Problems): Rational | null {
  const text = node.kind === 'scalar' ? node.text : '';
  // Exponents beyond three digits only cost time: no limit here admits them.
  const value = /[eE][+-]?\d{4,}$/.test(text) || text.length > 100 ? null : parseDecimal(text);
  if (value !== null && range.accepts(value)) return value;
  if (node.kind !== 'scalar' || isEmpty(node))
    problems.atKey(node, path, 'A number is missing here.', `Write ${range.wanted}.`);
  else
    problems.atValue(
      node,
      path,
      `${text} is not ${value === null ? 'a number' : 'in range'}.`,
      `Write ${range.wanted}.`,
    );
  return null;
}

/** A whole number from 1 to `most`, a thousand million unless said. */
export function readWhole(
  node: PolicyNode,
  path: string,
  example: string,
  problems: Problems,
  most: number = 1_000_000_000,
): number | null {
  if (node.kind === 'scalar' && /^[1-9]\d{0,9}$/.test(node.text) && Number(node.text) <= most) return Number(node.text);
  if (isEmpty(node)) problems.atKey(node, path, 'A whole number is missing here.', `Write ${example}.`);
  else {
    const written = node.kind === 'scalar' ? node.text : 'This';
    problems.atValue(node, path, `${written} is no whole number from 1 to ${most}.`, `Write for example ${example}.`);
  }
  return null;
}

/** `true` or `false`; `otherwise` when the key is absent or, with a problem, holds something else. */
export function readFlag(node: PolicyNode | undefined, otherwise: boolean, path: string, problems: Problems): boolean {
  if (node === undefined) return otherwise;
  if (node.kind === 'scalar' && kindOf(node) === 'boolean') return node.text.toLowerCase() === 'true';
  problems.atValue(node, path, 'This must be true or false, without quotes.', 'Write true or false.');
  return otherwise;
}
