/** One column of a table. Bounds by another column are checked against it in `read-table.ts`. */
import { ceil, compare, divide, floor, type Rational, rational } from '../dp/rational.ts';
import { type Declared, KNOWN_TOPICS } from './declared.ts';
import { COLUMN_FIELDS } from './fields/column.ts';
import { nearest } from './nearest.ts';
import { kindOf, type PolicyNode } from './node.ts';
import type { Bounds, PolicyColumn } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Found, type Named, readFields } from './read-fields.ts';
import { readKnown, readKnownList } from './read-known.ts';
import { type ColumnType, readDecimal, readFlag, readValue } from './read-value.ts';
import { rationalOf, type Value } from './value.ts';

const TYPES: readonly ColumnType[] = ['text', 'integer', 'double', 'boolean', 'date', 'timestamp'];

/** Other languages' names for the six types. */
const SYNONYMS: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  str: 'text',
  varchar: 'text',
  char: 'text',
  enum: 'text',
  uuid: 'text',
  int: 'integer',
  bigint: 'integer',
  smallint: 'integer',
  long: 'integer',
  number: 'double',
  numeric: 'double',
  decimal: 'double',
  float: 'double',
  real: 'double',
  bool: 'boolean',
  day: 'date',
  datetime: 'timestamp',
  timestamptz: 'timestamp',
  time: 'timestamp',
};

/** A column whose bounds by code are still to be read, once its neighbours are known. */
export interface ColumnDraft {
  readonly column: PolicyColumn;
  /** The `{ by, of }` map, or null. */
  readonly by: PolicyNode | null;
  readonly named: Named;
}

/** Reads a column; null, with problems, when its type is unknown. */
export function readColumn(named: Named, declared: Declared, problems: Problems): ColumnDraft | null {
  const { value: node, path, name } = named;
  if (node.kind === 'scalar') {
    const type = typeNamed(node.text);
    problems.atKey(node, path, 'A column is a map of keys.', `Write ${name}: { type: ${type ?? 'text'} }.`);
    return null;
  }
  const found = readFields(node, path, COLUMN_FIELDS, problems);
  if (found?.type === undefined) return null;
  const type = readType(found.type, `${path}.type`, problems);
  if (type === null) return null;
  const nullable = readFlag(found.nullable, true, `${path}.nullable`, problems);
  const step = found.step === undefined ? null : readStep(found.step, type, `${path}.step`, problems);
  const by = found.bounds?.kind === 'map' ? found.bounds : null;
  if (by !== null && !isBounded(type)) refuseBounds(by, type, `${path}.bounds`, problems);
  const bounds =
    found.bounds === undefined || by !== null ? null : readBounds(found.bounds, type, step, `${path}.bounds`, problems);
  const values =
    found.values === undefined ? null : readValues(found.values, type, nullable, `${path}.values`, problems);
  if (values !== null && bounds !== null && found.values !== undefined) {
    checkInside(values, bounds, found.values, `${path}.values`, problems);
  }
  const column: PolicyColumn = {
    name,
    type,
    values,
    bounds,
    boundsBy: null,
    step,
    nullable,
    use: found.use === undefined ? 'any' : readUse(found.use, `${path}.use`, problems),
    zone: found.zone === undefined ? null : readZone(found.zone, type, `${path}.zone`, problems),
    ...readUseLimits(found, path, declared, problems),
  };
  return { column, by: isBounded(type) ? by : null, named };
}

function readUseLimits(
  { purposes, sensitive }: Found<typeof COLUMN_FIELDS>,
  path: string,
  declared: Declared,
  problems: Problems,
): Pick<PolicyColumn, 'purposes' | 'sensitive'> {
  const example = COLUMN_FIELDS.purposes.example;
  return {
    purposes:
      purposes === undefined ? null : readKnownList(purposes, declared.purposes, `${path}.purposes`, example, problems),
    sensitive: sensitive === undefined ? null : readKnown(sensitive, KNOWN_TOPICS, `${path}.sensitive`, problems),
  };
}

function typeNamed(text: string): ColumnType | null {
  const folded = text.toLowerCase();
  const known: string | null = SYNONYMS[folded] ?? nearest(folded, TYPES);
  return TYPES.find((type) => type === known) ?? null;
}

function readType(node: PolicyNode, path: string, problems: Problems): ColumnType | null {
  const text = node.kind === 'scalar' ? node.text : '';
  const type = TYPES.find((candidate) => candidate === text);
  if (type !== undefined) return type;
  const meant = typeNamed(text);
  const all = `The types are ${TYPES.join(', ')}.`;
  problems.atValue(
    node,
    path,
    text === '' ? 'A type is missing here.' : `There is no type ${text}.`,
    meant === null ? all : `Write ${meant}. ${all}`,
  );
  return null;
}

function isBounded(type: ColumnType): boolean {
  return type !== 'text' && type !== 'boolean';
}

function refuseBounds(node: PolicyNode, type: ColumnType, path: string, problems: Problems): void {
  const next = type === 'text' ? 'List its public values instead: values: [ … ].' : 'Remove the bounds.';
  problems.atKey(node, path, `A ${type} column has no bounds.`, next);
}

/** `[low, high]` of a type. Null, with a problem, when it is no range, or holds no point of the grid. */
export function readBounds(
  node: PolicyNode,
  type: ColumnType,
  step: Rational | null,
  path: string,
  problems: Problems,
): Bounds | null {
  if (!isBounded(type)) {
    refuseBounds(node, type, path, problems);
    return null;
  }
  if (node.kind !== 'list' || node.items.length !== 2) {
    problems.atKey(node, path, 'Bounds are a list of two values.', 'Write the lowest and the highest: [low, high].');
    return null;
  }
  const [lowNode, highNode] = [node.items[0]!, node.items[1]!];
  const low = readValue(lowNode, type, path, problems, 'low');
  const high = readValue(highNode, type, path, problems, 'high');
  if (low === undefined || high === undefined) return null;
  if (low > high) {
    const [lowText, highText] = [textOf(lowNode), textOf(highNode)];
    problems.atValue(
      node,
      path,
      `The low end ${lowText} lies above the high end ${highText}.`,
      `Write [${highText}, ${lowText}].`,
    );
    return null;
  }
  // With no multiple of the step within the bounds, every value would be moved out of them.
  if (step !== null && ceil(divide(rationalOf(low), step)) > floor(divide(rationalOf(high), step))) {
    problems.atValue(
      node,
      path,
      'No multiple of the step lies within the bounds.',
      'Widen the bounds or declare a finer step.',
    );
    return null;
  }
  return { low, high };
}

function textOf(node: PolicyNode): string {
  return node.kind === 'scalar' ? node.text : '';
}

function readValues(
  node: PolicyNode,
  type: ColumnType,
  nullable: boolean,
  path: string,
  problems: Problems,
): readonly Value[] | null {
  if (node.kind !== 'list' || node.items.length === 0) {
    problems.atKey(node, path, 'Values are a list with at least one entry.', 'Write for example [F, M].');
    return null;
  }
  const values = new Set<Value>();
  node.items.forEach((item, index) => {
    const at = `${path}[${index}]`;
    const isNull = item.kind === 'scalar' && item.text !== '' && kindOf(item) === 'null';
    const value = isNull ? null : readValue(item, type, at, problems);
    if (value === undefined) return;
    if (values.has(value)) problems.atValue(item, at, `${textOf(item)} is listed twice.`, 'Remove one of the two.');
    else if (value === null && !nullable) {
      problems.atValue(
        item,
        at,
        'null is listed, and the column is declared nullable: false.',
        'Remove one of the two.',
      );
    } else values.add(value);
  });
  return [...values];
}

function checkInside(
  values: readonly Value[],
  bounds: Bounds,
  node: PolicyNode,
  path: string,
  problems: Problems,
): void {
  if (values.every((value) => value === null || (value >= bounds.low! && value <= bounds.high!))) return;
  problems.atKey(
    node,
    path,
    'A value lies outside the bounds of its column.',
    'Remove the bounds: the list says enough.',
  );
}

const STEP_LOW = rational(1n, 10n ** 18n);
const STEP_HIGH = rational(10n ** 18n);

function readStep(node: PolicyNode, type: ColumnType, path: string, problems: Problems): Rational | null {
  if (type !== 'integer' && type !== 'double') {
    problems.atKey(node, path, `A ${type} column has no step.`, 'Remove it: only numbers are put on a grid.');
    return null;
  }
  const whole = type === 'integer';
  return readDecimal(
    node,
    path,
    {
      wanted: whole ? 'a whole number greater than 0, such as 1' : 'a decimal greater than 0, such as 0.01',
      accepts: (value) =>
        compare(value, STEP_LOW) >= 0 && compare(value, STEP_HIGH) <= 0 && (!whole || value.denominator === 1n),
    },
    problems,
  );
}

function readUse(node: PolicyNode, path: string, problems: Problems): 'any' | 'join' {
  if (node.kind === 'scalar' && (node.text === 'join' || node.text === 'any')) return node.text;
  problems.atValue(node, path, 'A column is used as join or as any.', 'Write use: join, or remove the key.');
  return 'any';
}

function readZone(node: PolicyNode, type: ColumnType, path: string, problems: Problems): string | null {
  if (type !== 'timestamp') {
    problems.atKey(node, path, `A ${type} column has no time zone.`, 'Remove it, or declare the column as timestamp.');
    return null;
  }
  const text = node.kind === 'scalar' ? node.text : '';
  if (isZone(text)) return text;
  problems.atValue(
    node,
    path,
    'This is no time zone.',
    'Write a zone of the tz database, such as Europe/Vienna or UTC.',
  );
  return null;
}

/** Offsets such as +02:00 are left out: they ignore summer time, which is never what a hospital's clock does. */
function isZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
