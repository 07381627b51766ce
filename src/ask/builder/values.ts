/** Rows that a question lists itself: standard populations, code lists, bands of age. */
import { GauzeError } from '../../errors.ts';
import type { Expr } from './expr.ts';
import type { AnyValue, KindOfValue } from './kinds.ts';
import { quoteName } from './printer.ts';
import { Rows } from './rows.ts';

/** Kind of a column with these values: of whole and other numbers double, of nothing but NULL text. */
type KindOfCells<V> = [KindOfValue<V>] extends [never]
  ? 'text'
  : 'double' extends KindOfValue<V>
    ? 'double'
    : KindOfValue<V>;

/** Columns of listed rows, by the names in the rows; R is the union of all rows, over which it does not distribute. */
export type ListedColumns<R> = { readonly [N in Extract<keyof R, string>]: Expr<KindOfCells<Exclude<R[N], null>>> };

/**
 * A table of rows that are written out, to join or compare with: `VALUES`. Every row has the same names.
 *
 * @throws GauzeError QUERY_TYPE without any row or name
 */
export function values<const R extends Readonly<Record<string, AnyValue | null>>>(
  rows: readonly R[],
): Rows<ListedColumns<R>, never> {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) {
    throw new GauzeError('QUERY_TYPE', {
      message: 'A list of rows has no row, or its first row has no column.',
      next: "List at least one row with a name and a value: values([{ sex: 'F', share: 0.5 }]).",
    });
  }
  const columns = names.map(quoteName).join(', ');
  return new Rows({
    outputs: {},
    names,
    print: (to, order, rest) => [
      `SELECT ${order.map(quoteName).join(', ')}`,
      `FROM (VALUES ${rows.map((row) => `(${names.map((name) => to.value(row[name] as AnyValue | null)).join(', ')})`).join(', ')}) AS listed(${columns})`,
      ...rest(),
    ],
  });
}
