/** Columns of files and databases in the types of the policy. */
import type { SqlType } from '../ask/types.ts';
import { convert } from './dialect/convert.ts';
import { localTime, type Within } from './dialect/local-time.ts';
import { type Nature, narrowed, natureOf, printed } from './dialect/printed.ts';
import { unfit } from './failures.ts';

/** What the policy says of a column: its type (`key`: opaque, as stored) and the zone of zoned timestamps. */
export interface Wanted {
  /** `dataset.table.column`, for messages. */
  readonly place: string;
  readonly type: SqlType;
  readonly zone: string | null;
  /** Bounds of a timestamp; null where none are declared for all rows. */
  readonly within: Within | null;
}

/** A column as attached: its SQL over the source, and what that can hold. */
export interface Mapped {
  readonly sql: string;
  readonly nature: Nature;
}

const WIDTHS: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  ['TINYINT', [-(1n << 7n), (1n << 7n) - 1n]],
  ['SMALLINT', [-(1n << 15n), (1n << 15n) - 1n]],
  ['INTEGER', [-(1n << 31n), (1n << 31n) - 1n]],
  ['BIGINT', [-(1n << 63n), (1n << 63n) - 1n]],
  ['UTINYINT', [0n, (1n << 8n) - 1n]],
  ['USMALLINT', [0n, (1n << 16n) - 1n]],
  ['UINTEGER', [0n, (1n << 32n) - 1n]],
]);
const WIDE: ReadonlySet<string> = new Set(['UBIGINT', 'HUGEINT', 'UHUGEINT']);
const MOMENTS: ReadonlySet<string> = new Set(['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS']);
const ZONED = 'TIMESTAMP WITH TIME ZONE';

/**
 * The canonical form of a source column. NaN and infinite dates stay in the SQL value and are marked: each use of the
 * column guards itself.
 *
 * @param column - quoted name of the source column
 * @param type - DuckDB's name of its type
 * @throws GauzeError POLICY_INVALID when the policy's type does not fit
 */
export function mapColumn(column: string, type: string, wanted: Wanted): Mapped {
  const mapped = wanted.type === 'key' ? keyColumn(column, type) : typedColumn(column, type, wanted);
  if (mapped !== null) return mapped;
  throw unfit(wanted.place, `the data hold ${shown(type)}, the policy says ${wanted.type}`, adviceFor(type, wanted));
}

/** A column of a text file, read as the policy's type; what does not convert is NULL. */
export function mapText(column: string, wanted: Wanted): Mapped {
  const text = printed(column, 'text');
  if (wanted.type === 'key') return { sql: column, nature: natureOf('key') };
  const { sql, ...nature } = convert(text, wanted.type);
  return { sql, nature };
}

/** Texts are told apart by their bytes, whatever collation the column was made with. */
function bytewise(column: string): string {
  return `(${column} COLLATE "binary")`;
}

function keyColumn(column: string, type: string): Mapped | null {
  if (type === 'BOOLEAN' || type === 'FLOAT' || type === 'DOUBLE' || type.startsWith('DECIMAL')) return null;
  if (WIDTHS.has(type)) return { sql: `CAST(${column} AS BIGINT)`, nature: natureOf('key', { stored: 'BIGINT' }) };
  return { sql: type === 'VARCHAR' ? bytewise(column) : `CAST(${column} AS VARCHAR)`, nature: natureOf('key') };
}

function typedColumn(column: string, type: string, wanted: Wanted): Mapped | null {
  switch (wanted.type) {
    case 'text':
      if (type === 'VARCHAR') return { sql: bytewise(column), nature: natureOf('text') };
      return type.startsWith('ENUM') || type === 'UUID'
        ? { sql: `CAST(${column} AS VARCHAR)`, nature: natureOf('text') }
        : null;
    case 'integer':
      return integerColumn(column, type);
    case 'double':
      return doubleColumn(column, type);
    case 'boolean':
      return type === 'BOOLEAN' ? { sql: column, nature: natureOf('boolean') } : null;
    case 'date':
      return type === 'DATE' ? { sql: column, nature: natureOf('date', { wild: true }) } : null;
    case 'timestamp':
      return momentColumn(column, type, wanted);
    default:
      return null;
  }
}

function integerColumn(column: string, type: string): Mapped | null {
  const width = WIDTHS.get(type);
  if (width !== undefined) {
    return { sql: `CAST(${column} AS BIGINT)`, nature: natureOf('integer', { low: width[0], high: width[1] }) };
  }
  const whole = WIDE.has(type) || /^DECIMAL\(\d+,0\)$/.test(type);
  return whole ? { sql: narrowed(column), nature: natureOf('integer') } : null;
}

function doubleColumn(column: string, type: string): Mapped | null {
  if (type === 'DOUBLE') return { sql: column, nature: natureOf('double', { nan: true }) };
  if (type === 'FLOAT') return { sql: `CAST(${column} AS DOUBLE)`, nature: natureOf('double', { nan: true }) };
  if (type.startsWith('DECIMAL') || WIDTHS.has(type) || WIDE.has(type)) {
    return { sql: `CAST(${column} AS DOUBLE)`, nature: natureOf('double', { infinite: false }) };
  }
  return null;
}

function momentColumn(column: string, type: string, wanted: Wanted): Mapped | null {
  const nature = natureOf('timestamp', { wild: true });
  if (type === 'TIMESTAMP') return { sql: column, nature };
  if (MOMENTS.has(type)) return { sql: `TRY_CAST(${column} AS TIMESTAMP)`, nature };
  if (type !== ZONED) return null;
  if (wanted.zone === null) {
    throw unfit(
      wanted.place,
      'the data hold zoned timestamps',
      'Write the zone they are read in, for example zone: UTC',
    );
  }
  return { sql: localTime(column, wanted.zone, wanted.within), nature };
}

/** Type names as policies write them, labels of enumerations left out. */
function shown(type: string): string {
  return type.startsWith('ENUM') ? 'ENUM' : type;
}

function adviceFor(type: string, wanted: Wanted): string {
  if (wanted.type === 'key') return 'Store what identifies a person or record as whole numbers or text.';
  const fitting = (
    [
      ['text', type === 'VARCHAR' || type.startsWith('ENUM') || type === 'UUID'],
      ['integer', WIDTHS.has(type) || WIDE.has(type)],
      ['double', type === 'DOUBLE' || type === 'FLOAT' || type.startsWith('DECIMAL')],
      ['boolean', type === 'BOOLEAN'],
      ['date', type === 'DATE'],
      ['timestamp', MOMENTS.has(type) || type === ZONED],
    ] as const
  ).find(([, fits]) => fits);
  return fitting === undefined ? 'Leave the column out of the policy.' : `Write type: ${fitting[0]}`;
}
