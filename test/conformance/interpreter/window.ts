/** Window functions: every row of a partition in order, its frame, its value. */
import { compareValues, type Row } from '../../../src/ask/evaluate.ts';
import type { SortKey, Window } from '../../../src/ask/ir.ts';
import type { SqlType, Value } from '../../../src/ask/types.ts';
import { average, extremeOf, total } from './aggregate.ts';
import { identities, oneZero } from './database.ts';
import { type Surroundings, valueIn } from './expression.ts';

/** Compares by one sort key; NULL placement as the key says. */
export function compareKey(type: SqlType, a: Value, b: Value, key: SortKey): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === key.nullsFirst ? -1 : 1;
  return compareValues(type, a, b) * (key.descending ? -1 : 1);
}

/** Rows in order; the sort is stable. */
export function sorted(rows: readonly Row[], keys: readonly SortKey[], around: Surroundings): readonly Row[] {
  const decorated = rows.map((row) => ({ row, values: keys.map((key) => valueIn(key.expr, row, around)) }));
  decorated.sort((a, b) => {
    for (const [index, key] of keys.entries()) {
      const order = compareKey(key.expr.type, a.values[index] ?? null, b.values[index] ?? null, key);
      if (order !== 0) return order;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
}

/** Values of a window expression, by row. */
export function windowValues(expr: Window, rows: readonly Row[], around: Surroundings): ReadonlyMap<Row, Value> {
  const partitions = new Map<string, Row[]>();
  for (const row of rows) {
    const key = identities(expr.partition.map((one) => valueIn(one, row, around)));
    partitions.set(key, [...(partitions.get(key) ?? []), row]);
  }
  const values = new Map<Row, Value>();
  for (const partition of partitions.values()) {
    const ordered = sorted(partition, expr.order, around);
    const peers = ordered.map((row) => identities(expr.order.map((key) => valueIn(key.expr, row, around))));
    ordered.forEach((row, at) => {
      values.set(row, valueAt(expr, ordered, peers, at, around));
    });
  }
  return values;
}

function valueAt(
  expr: Window,
  rows: readonly Row[],
  peers: readonly string[],
  at: number,
  around: Surroundings,
): Value {
  const arg = (index: number, row: Row): Value =>
    expr.args[index] === undefined ? null : oneZero(valueIn(expr.args[index], row, around));
  switch (expr.name) {
    case 'row-number':
      return BigInt(at + 1);
    case 'rank':
      return BigInt(peers.indexOf(peers[at]!) + 1);
    case 'dense-rank':
      return BigInt(new Set(peers.slice(0, at + 1)).size);
    case 'lag':
    case 'lead': {
      const steps = expr.args[1] === undefined ? 1 : Number(arg(1, rows[at]!));
      const other = rows[at + (expr.name === 'lag' ? -steps : steps)];
      return other === undefined ? arg(2, rows[at]!) : arg(0, other);
    }
    default:
      return overFrame(expr, frameOf(expr, rows, peers, at), arg);
  }
}

function frameOf(expr: Window, rows: readonly Row[], peers: readonly string[], at: number): readonly Row[] {
  if (expr.frame === null) return expr.order.length === 0 ? rows : rows.slice(0, peers.lastIndexOf(peers[at]!) + 1);
  const from = expr.frame.start === null ? 0 : Math.max(0, at + expr.frame.start);
  const to = expr.frame.end === null ? rows.length : Math.max(0, at + expr.frame.end + 1);
  return rows.slice(from, Math.max(from, to));
}

function overFrame(expr: Window, frame: readonly Row[], arg: (index: number, row: Row) => Value): Value {
  const values = frame.map((row) => arg(0, row));
  const type = expr.args[0]?.type ?? 'null';
  switch (expr.name) {
    case 'first-value':
      return values[0] ?? null;
    case 'last-value':
      return values.at(-1) ?? null;
    case 'count-rows':
      return BigInt(frame.length);
    case 'count':
      return BigInt(values.filter((value) => value !== null).length);
    case 'sum':
      return total(values);
    case 'avg':
      return average(values);
    case 'min':
      return extremeOf(values, type, -1);
    default:
      return extremeOf(values, type, 1);
  }
}
