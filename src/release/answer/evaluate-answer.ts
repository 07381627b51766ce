/** Post-processing: a relation over released rows and public tables, worked out in JavaScript. Reads nothing protected. */
import { evaluate } from '../../ask/evaluate.ts';
import type { Filter, Limit, Project, Relation, Sort } from '../../ask/ir.ts';
import { invariant } from '../../errors.ts';
import type { Cursor } from './cursor.ts';
import { cellsOf, prepare, valuesOf, type Within } from './expressions.ts';
import { exactCells, type Frame, rowsWhere, takeRows } from './frame.ts';
import { aggregateFrame } from './group.ts';
import { inColumns, joinFrames } from './join.ts';
import { checkRows, makeWork } from './limits.ts';
import { sortedRows } from './order.ts';
import { distinctRows, setOperation } from './set-operation.ts';
import type { Subqueries } from './subquery.ts';

/** Leaves of an answer: released rows by question, and rows of public relations. */
export interface Leaves {
  readonly released: readonly Frame[];
  readonly publics: ReadonlyMap<Relation, Frame>;
}

/**
 * Rows of `answer`, in its order. Filters and orders by noisy values leave intervals as they are.
 *
 * @throws SpannedError QUERY_TOO_LARGE when a step holds more than 1,000,000 rows
 * @guarantee post-processing of released values and public tables: no further loss [DR14, Prop 2.1]
 */
export function evaluateAnswer(answer: Relation, leaves: Leaves): Frame {
  const subqueries: Subqueries = {
    work: makeWork(),
    relation: (relation, outer) => frameOf(relation, leaves, outer, subqueries),
  };
  return subqueries.relation(answer, null);
}

function frameOf(relation: Relation, leaves: Leaves, outer: Cursor | null, subqueries: Subqueries): Frame {
  const known = leaves.publics.get(relation);
  if (known !== undefined) return known;
  const input = (inner: Relation): Frame => subqueries.relation(inner, outer);
  const within = (inner: Relation): Within => ({ frame: input(inner), outer, subqueries });
  switch (relation.kind) {
    case 'released': {
      const frame = leaves.released[relation.question];
      invariant(frame !== undefined, 'every released leaf has its question');
      return { ...frame, columns: relation.columns };
    }
    case 'table':
      invariant(false, 'public tables are read before post-processing');
      break;
    case 'one-row':
      return { columns: [], cells: [], length: 1, noisyRows: false };
    case 'values':
      return {
        columns: relation.columns,
        cells: relation.columns.map((_, index) => exactCells(relation.rows.map((row) => row[index] ?? null))),
        length: relation.rows.length,
        noisyRows: false,
      };
    case 'filter':
      return filtered(relation, within(relation.input));
    case 'project':
      return projected(relation, within(relation.input));
    case 'join':
      return joinFrames(relation, input(relation.left), input(relation.right), outer, subqueries);
    case 'aggregate':
      return aggregateFrame(relation, within(relation.input));
    case 'distinct':
      return inColumns(distinctRows(input(relation.input)), relation.columns);
    case 'set':
      return setOperation(relation, input(relation.left), input(relation.right));
    case 'sort':
      return sorted(relation, within(relation.input));
    case 'limit':
      return limited(relation, input(relation.input));
  }
}

function filtered(relation: Filter, within: Within): Frame {
  const { expr, cursor, noisy } = prepare(relation.condition, within);
  const rows = rowsWhere(within.frame.length, (row) => {
    cursor.row = row;
    return evaluate(expr, cursor.value) === true;
  });
  const frame = inColumns(takeRows(within.frame, rows), relation.columns);
  return noisy ? { ...frame, noisyRows: true } : frame;
}

function projected(relation: Project, within: Within): Frame {
  return {
    columns: relation.columns,
    cells: relation.items.map((item) => cellsOf(item.expr, within)),
    length: within.frame.length,
    noisyRows: within.frame.noisyRows,
  };
}

function sorted(relation: Sort, within: Within): Frame {
  const keys = relation.by.map(({ expr, descending, nullsFirst }) => {
    return { type: expr.type, values: valuesOf(expr, within).values, descending, nullsFirst };
  });
  const rows = Int32Array.from({ length: within.frame.length }, (_, row) => row);
  return inColumns(takeRows(within.frame, sortedRows(keys, rows)), relation.columns);
}

function limited(relation: Limit, frame: Frame): Frame {
  const end = relation.count === null ? frame.length : Math.min(frame.length, relation.offset + relation.count);
  const rows = rowsWhere(end, (row) => row >= relation.offset);
  checkRows(rows.length, relation.span);
  const taken = inColumns(takeRows(frame, rows), relation.columns);
  // The first rows of an order by noisy values are chosen by noise.
  return { ...taken, noisyRows: frame.noisyRows || frame.cells.some((cells) => cells.noisy) };
}
