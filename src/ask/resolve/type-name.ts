/** Names of types in CAST. Integers of every width have 64 bits, reals of every width are doubles. */
import { nearest } from '../../policy/nearest.ts';
import type { Expr } from '../ir.ts';
import { quoteText, unsupported } from '../sql/refuse.ts';
import type { TypeName } from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import { applyScalar, literal } from './coerce.ts';

type Castable = Exclude<SqlType, 'key' | 'null'>;

const TYPES: ReadonlyMap<string, Castable> = new Map(
  Object.entries({
    text: ['varchar', 'text', 'string', 'char', 'bpchar', 'nvarchar', 'character varying', 'character'],
    integer: ['integer', 'int', 'bigint', 'smallint', 'tinyint', 'int2', 'int4', 'int8', 'long', 'short', 'signed'],
    double: ['double', 'double precision', 'float', 'real', 'float4', 'float8', 'decimal', 'numeric', 'dec'],
    boolean: ['boolean', 'bool', 'logical'],
    date: ['date'],
    timestamp: ['timestamp', 'datetime'],
  }).flatMap(([type, names]) => names.map((name) => [name, type as Castable] as const)),
);

/** Decimals of DECIMAL(p) and of DECIMAL alone, as in DuckDB. */
const DECIMALS_DEFAULT = 3;

/**
 * The type a name stands for.
 *
 * @throws SpannedError QUERY_UNSUPPORTED for every other name
 */
export function typeNamed(name: TypeName): Castable {
  const type = TYPES.get(name.name);
  if (type !== undefined) return type;
  const meant = nearest(name.name, TYPES.keys());
  throw unsupported(
    name.span,
    `There is no type ${quoteText(name.name)} here.`,
    meant === null
      ? 'Use VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE or TIMESTAMP.'
      : `Did you mean ${meant.toUpperCase()}?`,
  );
}

/** DECIMAL(p, s) is a double rounded to s decimals. */
export function roundedTo(expr: Expr, name: TypeName): Expr {
  if (!['decimal', 'numeric', 'dec'].includes(name.name)) return expr;
  const [precision, scale] = name.modifiers;
  const decimals = scale ?? (precision === undefined ? DECIMALS_DEFAULT : 0);
  if (decimals > 15) {
    throw unsupported(name.span, 'At most 15 decimals are kept.', 'Write DECIMAL(18, 6), or DOUBLE.');
  }
  return applyScalar('round', [expr, literal('integer', BigInt(decimals), name.span)], expr.span, 'CAST');
}
