/** Rows as text, equal exactly where SQL's grouping calls them equal: NULL equals NULL, −0 equals 0. */
import type { Value } from '../../ask/types.ts';

/** Key of a tuple of values; types by position are the same for all tuples compared. */
export function rowKey(values: readonly Value[]): string {
  let key = '';
  for (const value of values) key += valueKey(value);
  return key;
}

function valueKey(value: Value): string {
  switch (typeof value) {
    case 'string':
      return `t${value.length}:${value}`;
    case 'number':
      return `n${value === 0 ? 0 : value};`;
    case 'bigint':
      return `i${value};`;
    case 'boolean':
      return value ? 'b1' : 'b0';
    default:
      return '-';
  }
}
