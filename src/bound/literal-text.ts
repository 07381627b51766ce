import { evaluate } from '../ask/evaluate.ts';
import type { TypedValue } from '../ask/types.ts';
import { makeCast, makeLiteral } from './make-expr.ts';

/** A public value as it is written in SQL, for rewrites and proofs. */
export function literalText({ type, value }: TypedValue): string {
  if (value === null) return 'NULL';
  const text = String(evaluate(makeCast(makeLiteral(type, value, { start: 0, end: 0 }), 'text'), () => null));
  const quoted = `'${text.replaceAll("'", "''")}'`;
  if (type === 'date' || type === 'timestamp') return `${type.toUpperCase()} ${quoted}`;
  return type === 'text' || type === 'key' ? quoted : text;
}
