/** DuckDB's types to the six of a policy. */
import type { PolicyColumn } from '../policy.ts';

/** Type of a drafted column; `step` and `zone` where the SQL type itself tells them. */
export interface DraftType {
  readonly type: PolicyColumn['type'];
  readonly step: string | null;
  readonly zoned: boolean;
}

const TYPES: Readonly<Record<string, PolicyColumn['type']>> = {
  VARCHAR: 'text',
  CHAR: 'text',
  BPCHAR: 'text',
  TEXT: 'text',
  STRING: 'text',
  UUID: 'text',
  ENUM: 'text',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  INT: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  UHUGEINT: 'integer',
  FLOAT: 'double',
  REAL: 'double',
  DOUBLE: 'double',
  DECIMAL: 'double',
  NUMERIC: 'double',
  BOOLEAN: 'boolean',
  BOOL: 'boolean',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  DATETIME: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  TIMESTAMPTZ: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
};

/** Policy type of a DuckDB type; null for what a policy has no type for (lists, structs, blobs, intervals, times). */
export function draftType(sql: string): DraftType | null {
  const written = sql.trim().toUpperCase();
  if (written.endsWith(']')) return null;
  const head = written.replace(/\(.*$/s, '').trim();
  const type = Object.hasOwn(TYPES, head) ? TYPES[head]! : null;
  if (type === null) return null;
  const zoned = head === 'TIMESTAMPTZ' || head === 'TIMESTAMP WITH TIME ZONE';
  if (head !== 'DECIMAL' && head !== 'NUMERIC') return { type, step: null, zoned };
  const scale = Number(/\(\s*\d+\s*,\s*(\d{1,2})\s*\)$/.exec(written)?.[1] ?? '3');
  if (scale === 0) return { type: 'integer', step: null, zoned };
  // Finer grids than a policy admits need no step: one is chosen from the bounds.
  return { type, step: scale <= 18 ? `1e-${scale}` : null, zoned };
}
