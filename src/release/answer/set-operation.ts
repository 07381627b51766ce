/** DISTINCT, UNION, INTERSECT and EXCEPT of released rows; of equal rows the first one stays, with its intervals. */
import type { Column, SetOperation } from '../../ask/ir.ts';
import { concatCells, type Frame, rowsWhere, takeRows } from './frame.ts';
import { checkRows } from './limits.ts';
import { rowKey } from './row-key.ts';

export function distinctRows(frame: Frame): Frame {
  const seen = new Set<string>();
  const rows = rowsWhere(frame.length, (row) => {
    const key = keyAt(frame, row);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  // Which rows are equal follows from noise where values do.
  return { ...takeRows(frame, rows), noisyRows: frame.noisyRows || isNoisy(frame) };
}

export function setOperation(relation: SetOperation, left: Frame, right: Frame): Frame {
  const noisyRows = left.noisyRows || right.noisyRows;
  if (relation.operation === 'union-all') return { ...stacked(relation, left, right), noisyRows };
  if (relation.operation === 'union') return distinctRows({ ...stacked(relation, left, right), noisyRows });
  const others = new Set(Array.from({ length: right.length }, (_, row) => keyAt(right, row)));
  const wanted = relation.operation === 'intersect';
  const unique = distinctRows(left);
  const rows = rowsWhere(unique.length, (row) => others.has(keyAt(unique, row)) === wanted);
  const kept = takeRows(unique, rows, relation.columns);
  return { ...kept, noisyRows: noisyRows || isNoisy(left) || isNoisy(right) };
}

function stacked(relation: SetOperation, left: Frame, right: Frame): Frame {
  const columns: readonly Column[] = relation.columns;
  checkRows(left.length + right.length, relation.span);
  return {
    columns,
    cells: columns.map((_, index) =>
      concatCells([left, right].map((frame) => ({ cells: frame.cells[index]!, length: frame.length }))),
    ),
    length: left.length + right.length,
    noisyRows: left.noisyRows || right.noisyRows,
  };
}

function keyAt(frame: Frame, row: number): string {
  return rowKey(frame.cells.map((cells) => cells.value(row)));
}

function isNoisy(frame: Frame): boolean {
  return frame.cells.some((cells) => cells.noisy);
}
