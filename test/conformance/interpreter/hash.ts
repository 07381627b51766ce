/** The portable selection hash, from its description in `selection-hash.ts`. */
import { createHash } from 'node:crypto';
import { castToText } from '../../../src/ask/evaluate/cast.ts';
import type { SqlType, Value } from '../../../src/ask/types.ts';

/** Salted hash of typed values. */
export function portableHash(
  salt: bigint,
  values: readonly { readonly type: SqlType; readonly value: Value }[],
): bigint {
  const text = [`${salt};`, ...values.map(({ type, value }) => piece(type, value))].join('');
  return BigInt(`0x${createHash('md5').update(text, 'utf8').digest('hex').slice(0, 15)}`);
}

function piece(type: SqlType, value: Value): string {
  if (value === null) return '-;';
  if (typeof value === 'string') return `t${Buffer.byteLength(value, 'utf8')}:${value}`;
  if (typeof value === 'boolean') return `b${value ? 1 : 0};`;
  if (type === 'date') return `y${value};`;
  if (type === 'timestamp') return `m${value};`;
  return typeof value === 'bigint' ? `i${value};` : `d${castToText(value, 'double')};`;
}
