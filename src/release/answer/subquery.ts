/** IN (SELECT …) and EXISTS over public tables or released rows, inside post-processing. */
import { inList } from '../../ask/evaluate/comparison.ts';
import { evaluate } from '../../ask/evaluate.ts';
import { isClosed } from '../../ask/fold.ts';
import type { Exists, InRelation, Relation } from '../../ask/ir.ts';
import type { Value } from '../../ask/types.ts';
import { OPEN } from '../interval/form.ts';
import type { Cursor } from './cursor.ts';
import { type Cells, exactCells, type Frame, noisyCells } from './frame.ts';
import type { Work } from './limits.ts';
import { readsNoise } from './propagate.ts';

/** How subqueries are worked out: the evaluator of relations, handed in. */
export interface Subqueries {
  readonly work: Work;
  relation(relation: Relation, outer: Cursor | null): Frame;
}

/** Truth of a subquery in every row. */
export function subqueryCells(
  expr: Exists | InRelation,
  length: number,
  cursor: Cursor,
  subqueries: Subqueries,
): Cells {
  const closed = isClosed(expr.relation) ? subqueries.relation(expr.relation, null) : null;
  const members = closed === null || expr.kind === 'exists' ? null : columnValues(closed);
  const lookup = members === null ? null : new Set(members.map(same));
  const values: Value[] = [];
  let noisy = expr.kind === 'in-relation' && readsNoise(expr.arg, cursor);
  for (let row = 0; row < length; row++) {
    cursor.row = row;
    const frame = closed ?? subqueries.relation(expr.relation, cursor);
    noisy ||= frame.noisyRows || frame.cells.some((cells) => cells.noisy);
    subqueries.work.steps(1 + (closed === null ? frame.length : 0), expr.span);
    if (expr.kind === 'exists') {
      values.push(frame.length > 0 !== expr.negated);
      continue;
    }
    const value = evaluate(expr.arg, cursor.value);
    if (lookup !== null && value !== null) {
      values.push(lookup.has(same(value)) ? !expr.negated : lookup.has(null) ? null : expr.negated);
    } else values.push(memberOf(expr, value, members ?? columnValues(frame)));
  }
  return noisy
    ? noisyCells(
        values,
        values.map(() => OPEN),
      )
    : exactCells(values);
}

/** NULL IN an empty relation is false, as SQL has it; in any other it is NULL. */
function memberOf(expr: InRelation, value: Value, members: readonly Value[]): Value {
  if (members.length === 0) return expr.negated;
  return inList(expr.arg.type, value, members, expr.negated);
}

function columnValues(frame: Frame): readonly Value[] {
  const [cells] = frame.cells;
  return Array.from({ length: frame.length }, (_, row) => cells?.value(row) ?? null);
}

/** Equal values, one key: −0 is 0. */
function same(value: Value): Value {
  return value === 0 ? 0 : value;
}
