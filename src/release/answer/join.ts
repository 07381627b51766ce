/** Joins of released rows to public tables or to one another. */
import { evaluate } from '../../ask/evaluate.ts';
import { columnsRead, conjuncts } from '../../ask/fold.ts';
import type { Column, ColumnId, Expr, Join } from '../../ask/ir.ts';
import type { Cursor } from './cursor.ts';
import { prepare, valuesOf } from './expressions.ts';
import { type Cells, type Frame, takenCells } from './frame.ts';
import { checkRows } from './limits.ts';
import { rowKey } from './row-key.ts';
import type { Subqueries } from './subquery.ts';

/** Left rows in their order, each with its matches in the right's order; unmatched right rows of a full join last. */
export function joinFrames(
  relation: Join,
  left: Frame,
  right: Frame,
  outer: Cursor | null,
  subqueries: Subqueries,
): Frame {
  const parts = relation.condition === null ? [] : conjuncts(relation.condition);
  const equalities = parts.flatMap((part) => equalityOf(part, left.columns, right.columns) ?? []);
  const rest = parts.filter((part) => equalityOf(part, left.columns, right.columns) === null);
  const buckets = bucketsOf(equalities, left, right, outer, subqueries);
  const leftRows: number[] = [];
  const rightRows: number[] = [];
  const push = (l: number, r: number): void => {
    leftRows.push(l);
    rightRows.push(r);
    if ((leftRows.length & 1023) === 0) checkRows(leftRows.length, relation.span);
  };
  const matched = new Uint8Array(right.length);
  for (let l = 0; l < left.length; l++) {
    const candidates = buckets(l);
    subqueries.work.steps(1 + candidates.length, relation.span);
    const rows = matching(l, candidates, rest, left, right, outer, subqueries);
    for (const r of rows) {
      matched[r] = 1;
      push(l, r);
    }
    if (rows.length === 0 && (relation.type === 'left' || relation.type === 'full')) push(l, -1);
  }
  if (relation.type === 'full') for (let r = 0; r < right.length; r++) if (matched[r] === 0) push(-1, r);
  checkRows(leftRows.length, relation.span);
  const joined = pairs(left, right, Int32Array.from(leftRows), Int32Array.from(rightRows));
  const noisy = parts.some((part) => prepare(part, { frame: joined, outer, subqueries }).noisy);
  return inColumns(joined, relation.columns, left.noisyRows || right.noisyRows || noisy);
}

interface Equality {
  readonly left: Expr;
  readonly right: Expr;
}

/** `a = b` with one side of each input; null for any other condition. */
function equalityOf(part: Expr, left: readonly Column[], right: readonly Column[]): Equality | null {
  if (part.kind !== 'call' || part.fn !== 'eq') return null;
  const [a, b] = part.args as readonly [Expr, Expr];
  if (a.type !== b.type) return null;
  const inside = (expr: Expr, columns: readonly Column[]): boolean => {
    const ids = new Set<ColumnId>(columns.map((column) => column.id));
    const read = columnsRead(expr);
    return read.size > 0 && [...read].every((id) => ids.has(id));
  };
  if (inside(a, left) && inside(b, right)) return { left: a, right: b };
  return inside(a, right) && inside(b, left) ? { left: b, right: a } : null;
}

/** Right rows that equal a left row in all equalities; every right row where there are none. */
function bucketsOf(
  equalities: readonly Equality[],
  left: Frame,
  right: Frame,
  outer: Cursor | null,
  subqueries: Subqueries,
): (leftRow: number) => readonly number[] {
  if (equalities.length === 0) {
    const all = Array.from({ length: right.length }, (_, row) => row);
    return () => all;
  }
  const leftKeys = equalities.map((one) => valuesOf(one.left, { frame: left, outer, subqueries }).values);
  const rightKeys = equalities.map((one) => valuesOf(one.right, { frame: right, outer, subqueries }).values);
  const buckets = new Map<string, number[]>();
  for (let row = 0; row < right.length; row++) {
    const key = rightKeys.map((values) => values[row] ?? null);
    if (key.includes(null)) continue;
    const bucket = buckets.get(rowKey(key));
    if (bucket === undefined) buckets.set(rowKey(key), [row]);
    else bucket.push(row);
  }
  return (leftRow) => {
    const key = leftKeys.map((values) => values[leftRow] ?? null);
    return key.includes(null) ? [] : (buckets.get(rowKey(key)) ?? []);
  };
}

function matching(
  leftRow: number,
  candidates: readonly number[],
  rest: readonly Expr[],
  left: Frame,
  right: Frame,
  outer: Cursor | null,
  subqueries: Subqueries,
): readonly number[] {
  if (rest.length === 0 || candidates.length === 0) return candidates;
  const frame = pairs(left, right, new Int32Array(candidates.length).fill(leftRow), Int32Array.from(candidates));
  const tests = rest.map((part) => prepare(part, { frame, outer, subqueries }));
  return candidates.filter((_, index) =>
    tests.every(({ expr, cursor }) => {
      cursor.row = index;
      return evaluate(expr, cursor.value) === true;
    }),
  );
}

function pairs(left: Frame, right: Frame, leftRows: Int32Array, rightRows: Int32Array): Frame {
  return {
    columns: [...left.columns, ...right.columns],
    cells: [
      ...left.cells.map((cells) => takenCells(cells, leftRows)),
      ...right.cells.map((cells) => takenCells(cells, rightRows)),
    ],
    length: leftRows.length,
    noisyRows: left.noisyRows || right.noisyRows,
  };
}

/** The same rows with the columns of a relation, found by id. */
export function inColumns(frame: Frame, columns: readonly Column[], noisyRows: boolean = frame.noisyRows): Frame {
  const byId = new Map(frame.columns.map((column, index) => [column.id, frame.cells[index] as Cells]));
  return { columns, cells: columns.map((column) => byId.get(column.id) as Cells), length: frame.length, noisyRows };
}
