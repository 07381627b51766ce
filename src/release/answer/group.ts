/** GROUP BY, grouping sets and aggregates over released rows. */
import { evaluate } from '../../ask/evaluate.ts';
import type { Aggregate, AggregateItem, Expr } from '../../ask/ir.ts';
import type { Value } from '../../ask/types.ts';
import { type Form, OPEN } from '../interval/form.ts';
import type { Known } from './entries.ts';
import { type Prepared, prepare, valuesOf, type Within } from './expressions.ts';
import { type Cells, exactCells, type Frame, noisyCells } from './frame.ts';
import { checkRows } from './limits.ts';
import { sortedRows } from './order.ts';
import { formOf } from './propagate.ts';
import { rowKey } from './row-key.ts';
import { summarise } from './summarise.ts';

/** Groups come in key order within each set, NULL last. */
export function aggregateFrame(relation: Aggregate, within: Within): Frame {
  const keys = relation.keys.map((item) => ({ ...valuesOf(item.expr, within), type: item.expr.type }));
  const groups = relation.sets.flatMap((set) => groupsOf(set, keys, within.frame.length));
  checkRows(groups.length, relation.span);
  const noisyKeys = keys.some((key) => key.noisy);
  const keyCells = keys.map((key, index): Cells => {
    const values = groups.map((group) => (group.set.includes(index) ? (key.values[group.first] ?? null) : null));
    return key.noisy
      ? noisyCells(
          values,
          values.map(() => OPEN),
        )
      : exactCells(values);
  });
  const noisyRows = within.frame.noisyRows || noisyKeys;
  const aggregates = relation.aggregates.map((item) => aggregateCells(item, groups, within, noisyRows));
  const byId = new Map<number, Cells>();
  relation.keys.forEach((item, index) => {
    byId.set(item.column.id, keyCells[index] as Cells);
  });
  relation.aggregates.forEach((item, index) => {
    byId.set(item.column.id, aggregates[index] as Cells);
  });
  return {
    columns: relation.columns,
    cells: relation.columns.map((column) => byId.get(column.id) as Cells),
    length: groups.length,
    noisyRows,
  };
}

interface Group {
  readonly set: readonly number[];
  readonly rows: readonly number[];
  /** A row that holds the group's key; −1 for the group of no rows. */
  readonly first: number;
}

interface Keys {
  readonly values: readonly Value[];
  readonly type: Expr['type'];
}

function groupsOf(set: readonly number[], keys: readonly Keys[], length: number): readonly Group[] {
  if (set.length === 0) return [{ set, rows: Array.from({ length }, (_, row) => row), first: -1 }];
  const members = new Map<string, number[]>();
  for (let row = 0; row < length; row++) {
    const key = rowKey(set.map((index) => keys[index]?.values[row] ?? null));
    const rows = members.get(key);
    if (rows === undefined) members.set(key, [row]);
    else rows.push(row);
  }
  const groups = [...members.values()];
  const columns = set.map((index) => {
    const key = keys[index] as Keys;
    const values = groups.map((rows) => key.values[rows[0] as number] ?? null);
    return { type: key.type, values, descending: false, nullsFirst: false };
  });
  const order = sortedRows(
    columns,
    Int32Array.from(groups, (_, index) => index),
  );
  return Array.from(order, (index) => {
    const rows = groups[index] as number[];
    return { set, rows, first: rows[0] as number };
  });
}

function aggregateCells(item: AggregateItem, groups: readonly Group[], within: Within, noisyRows: boolean): Cells {
  const { call } = item;
  const [arg = null, by = null] = call.args.map((expr) => prepare(expr, within));
  const filter = call.filter === null ? null : prepare(call.filter, within);
  const chosen = noisyRows || filter?.noisy === true;
  const order = call.order.map((key) => ({ key, of: prepare(key.expr, within) }));
  const orderIsNoisy = order.some(({ of }) => of.noisy);
  const fraction = call.name.startsWith('quantile') ? fractionIn(call.args[1]) : null;
  const known = groups.map((group) => {
    const rows = filter === null ? group.rows : group.rows.filter((row) => valueAt(filter, row) === true);
    return summarise(call.name, {
      type: call.args[0]?.type ?? 'boolean',
      args: rows.map((row) => (arg === null ? { value: true, form: null } : knownAt(arg, row))),
      by: by === null ? [] : rows.map((row) => knownAt(by, row)),
      byType: call.args[1]?.type ?? 'null',
      order: order.map(({ key, of }) => ({ ...key, type: key.expr.type, values: rows.map((row) => valueAt(of, row)) })),
      orderIsNoisy,
      fraction,
      noisyRows: chosen,
    });
  });
  const values = known.map(({ value }) => value);
  const forms = known.map(({ form }) => form);
  return forms.every((form: Form | null) => form === null) ? exactCells(values) : noisyCells(values, forms);
}

function fractionIn(expr: Expr | undefined): number | null {
  return expr?.kind === 'literal' && typeof expr.value === 'number' ? expr.value : null;
}

function valueAt(prepared: Prepared, row: number): Value {
  prepared.cursor.row = row;
  return evaluate(prepared.expr, prepared.cursor.value);
}

function knownAt(prepared: Prepared, row: number): Known {
  const value = valueAt(prepared, row);
  return { value, form: prepared.noisy ? formOf(prepared.expr, prepared.cursor) : null };
}
