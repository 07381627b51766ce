/** An answer's file, Arrow or JSON, as the values it holds. */
import { type Data, type DataType, Type, tableFromIPC, type Vector } from 'apache-arrow';
import { GauzeError } from '../errors.ts';
import { parseIsoDate, parseIsoTimestamp } from '../policy/iso.ts';
import type { SqlType, Value } from '../policy/value.ts';
import type { Intervals, Receipt, ReleasedColumn } from '../release/release.ts';

/** What a file of an answer holds. */
export interface AnswerFile {
  readonly columns: readonly ReleasedColumn[];
  /** Null in Arrow files, which hold none. */
  readonly intervals: Readonly<Record<string, Intervals>> | null;
  /** The receipt that travels in it. */
  readonly receipt: unknown;
  /** What the file says beside its values, as the receipt must say it. */
  readonly stated: Readonly<Record<string, string>>;
}

/** Whether bytes begin as an Arrow file or stream does. */
export function isArrow(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 6));
  return head === 'ARROW1' || head.startsWith('\xff\xff\xff\xff');
}

/**
 * Values of an answer that gauze wrote: Arrow bytes, or its JSON parsed.
 *
 * @throws GauzeError CRYPTO_DECODE for anything else
 */
export function readAnswer(file: Uint8Array | Readonly<Record<string, unknown>>): AnswerFile {
  try {
    return file instanceof Uint8Array ? fromArrow(file) : fromJson(file as unknown as AnswerJson);
  } catch {
    throw new GauzeError('CRYPTO_DECODE', {
      message: 'This is no answer as gauze writes it.',
      next: 'Give the file that `gauze query --format arrow` or `--format json` wrote, unchanged.',
    });
  }
}

interface AnswerJson {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly intervals: Readonly<Record<string, readonly (readonly [unknown, unknown])[]>>;
  readonly cost?: { readonly epsilon?: unknown; readonly delta?: unknown };
  readonly receipt?: Receipt | null;
}

function fromJson({ columns, rows, intervals, receipt = null }: AnswerJson): AnswerFile {
  if (!rows.every((row) => Array.isArray(row) && row.length === columns.length)) throw new TypeError('rows');
  if (!Object.keys(intervals).every((name) => columns.some((column) => column.name === name)))
    throw new TypeError('names');
  const ends = Object.entries(intervals).map(([name, pairs]): [string, Intervals] => {
    if (pairs.length !== rows.length) throw new TypeError('intervals');
    return [name, { low: pairs.map(([low]) => endOf(low)), high: pairs.map(([, high]) => endOf(high)), level: 0 }];
  });
  return {
    columns: columns.map(({ name, type }, index) => ({
      name,
      type,
      noisy: Object.hasOwn(intervals, name),
      values: rows.map((row) => cellOf(type, row[index])),
    })),
    intervals: Object.setPrototypeOf(Object.fromEntries(ends), null) as Readonly<Record<string, Intervals>>,
    receipt,
    stated: {},
  };
}

function cellOf(type: SqlType, cell: unknown): Value {
  if (cell === null) return null;
  switch (type) {
    case 'text':
      return checked(typeof cell === 'string', cell as string);
    case 'boolean':
      return checked(typeof cell === 'boolean', cell as boolean);
    case 'integer':
      return checked(Number.isSafeInteger(cell) || /^-?\d{16,19}$/.test(String(cell)), BigInt(String(cell)));
    case 'double':
      return checked(typeof cell === 'number' || cell === 'Infinity' || cell === '-Infinity', Number(cell));
    case 'date':
      return present(parseIsoDate(String(cell)));
    case 'timestamp':
      return present(parseIsoTimestamp(String(cell)));
    default:
      throw new TypeError('type');
  }
}

function endOf(end: unknown): number | null {
  return end === null ? null : checked(typeof end === 'number' || /^-?\d+$/.test(String(end)), Number(end));
}

function checked<T>(holds: boolean, value: T): T {
  if (!holds) throw new TypeError('cell');
  return value;
}

function present<T>(value: T | null): T {
  if (value === null) throw new TypeError('cell');
  return value;
}

const STATED = { 'gauze.policy': 'policy', 'gauze.plan': 'plan', 'gauze.level': 'level' } as const;

function fromArrow(bytes: Uint8Array): AnswerFile {
  const table = tableFromIPC(bytes);
  const { metadata, fields } = table.schema;
  const receipt = metadata.get('gauze.receipt');
  return {
    columns: fields.map(({ name, type }, index) => ({
      name,
      type: TYPES.get(type.typeId) ?? checked(false, 'text'),
      noisy: false,
      values: valuesOf(present(table.getChildAt(index))),
    })),
    intervals: null,
    receipt: receipt === undefined ? null : JSON.parse(receipt),
    stated: Object.fromEntries(
      Object.entries(STATED).flatMap(([key, name]) => {
        const value = metadata.get(key);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

const TYPES: ReadonlyMap<Type, SqlType> = new Map([
  [Type.Utf8, 'text'],
  [Type.Int, 'integer'],
  [Type.Float, 'double'],
  [Type.Bool, 'boolean'],
  [Type.Date, 'date'],
  [Type.Timestamp, 'timestamp'],
]);

/** Dates and timestamps as they are stored: Arrow's own reading turns both into milliseconds. */
function valuesOf(vector: Vector): Value[] {
  const isStored = vector.type.typeId === Type.Date || vector.type.typeId === Type.Timestamp;
  if (!isStored) return Array.from({ length: vector.length }, (_, row) => vector.get(row) as Value);
  return vector.data.flatMap((data: Data<DataType>) =>
    Array.from({ length: data.length }, (_, row) =>
      data.getValid(row) ? ((data.values as Int32Array | BigInt64Array)[row] as Value) : null,
    ),
  );
}
