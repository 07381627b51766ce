/**
 * Where a question stops being about persons. Below a boundary every row belongs to one privacy unit; above it stand only
 * noisy answers and public tables, and whatever is done there is post-processing ([DR14] Prop 2.1).
 */

import { canonical } from '../ask/canonical.ts';
import { columnExpr } from '../ask/column-expr.ts';
import { mapParts, walkExpr } from '../ask/fold.ts';
import type { Aggregate, AggregateItem, Column, Distinct, Expr, Item, Relation } from '../ask/ir.ts';
import { SpannedError } from '../errors.ts';
import { declaredColumns } from './declared-columns.ts';
import { classify } from './privacy-unit.ts';
import type { BoundContext } from './tracked.ts';

/** One grouping across units: the input still holds the unit, the outputs will be released. */
export interface Boundary {
  readonly input: Relation;
  readonly keys: readonly Item[];
  readonly sets: readonly (readonly number[])[];
  readonly aggregates: readonly AggregateItem[];
  /** Columns of the `released` leaf: keys, then aggregates. */
  readonly columns: readonly Column[];
}

/** The tree with its groupings across units replaced by `released` leaves, and those groupings in leaf order. */
export interface Split {
  readonly answer: Relation;
  readonly boundaries: readonly Boundary[];
}

const QUESTIONS_MAX = 16;

/** Boundaries met so far, and which of them stands for each grouping, by its canonical text. */
interface Cuts {
  readonly boundaries: Boundary[];
  readonly known: Map<string, number>;
}

/**
 * Cuts a resolved tree at its groupings across units. Groupings that mean the same, as those of a common table that is
 * named twice, are one boundary: they are measured once, and every further use is post-processing ([DR14] Prop 2.1).
 *
 * @throws SpannedError QUERY_NOT_AGGREGATE when rows of single units would be put out; QUERY_TOO_LARGE beyond 16 groupings.
 */
export function split(relation: Relation, context: BoundContext): Split {
  const boundaries: Boundary[] = [];
  const answer = cut(relation, context, { boundaries, known: new Map() });
  if (boundaries.length > QUESTIONS_MAX) {
    throw new SpannedError('QUERY_TOO_LARGE', relation.span, {
      message: `One statement asks ${boundaries.length} separate questions; at most ${QUESTIONS_MAX} are allowed.`,
      next: 'Ask them in several statements.',
    });
  }
  return { answer, boundaries };
}

function cut(relation: Relation, context: BoundContext, cuts: Cuts): Relation {
  const kind = classify(relation, context);
  if (kind === 'public') return relation;
  if (kind === 'private') throw rowsOfPersons(relation, context);
  const boundary = boundaryAt(relation, context);
  if (boundary === null) {
    return mapParts(
      relation,
      (input) => cut(input, context, cuts),
      (expr) => refuseProtectedSubqueries(expr, context),
    );
  }
  const meaning = canonical(relation);
  const question = cuts.known.get(meaning) ?? cuts.boundaries.push(boundary) - 1;
  cuts.known.set(meaning, question);
  return { kind: 'released', question, columns: boundary.columns, span: relation.span };
}

function boundaryAt(relation: Relation, context: BoundContext): Boundary | null {
  if (relation.kind === 'aggregate' && classify(relation.input, context) === 'private') return ofAggregate(relation);
  if (relation.kind === 'distinct' && classify(relation.input, context) === 'private') return ofDistinct(relation);
  return null;
}

function ofAggregate(relation: Aggregate): Boundary {
  const { input, keys, sets, aggregates, columns } = relation;
  return { input, keys, sets, aggregates, columns };
}

/** SELECT DISTINCT a, b is GROUP BY a, b without aggregates. */
function ofDistinct(relation: Distinct): Boundary {
  const keys = relation.columns.map((column) => ({
    column,
    expr: columnExpr(column, relation.span),
  }));
  return {
    input: relation.input,
    keys,
    sets: [keys.map((_, index) => index)],
    aggregates: [],
    columns: relation.columns,
  };
}

function refuseProtectedSubqueries(expr: Expr, context: BoundContext): Expr {
  walkExpr(expr, (inner) => {
    if ((inner.kind === 'exists' || inner.kind === 'in-relation') && classify(inner.relation, context) !== 'public') {
      throw new SpannedError('QUERY_UNSUPPORTED', inner.span, {
        message: 'A noisy answer cannot be filtered by the rows of single persons.',
        next: 'Move the condition into the WHERE of the question below, where it is about one person.',
      });
    }
  });
  return expr;
}

function rowsOfPersons(relation: Relation, context: BoundContext): SpannedError {
  const grouping = groupingOf(relation);
  const key = grouping?.keys.find(({ expr }) => expr.kind === 'column' && expr.type === 'key') ?? grouping?.keys[0];
  if (grouping === null || key === undefined) {
    return new SpannedError('QUERY_NOT_AGGREGATE', relation.span, {
      message: 'This would put out rows of single persons.',
      next: 'Ask for figures over many persons: SELECT COUNT(*), AVG(x) … GROUP BY …, with no unit among the keys.',
    });
  }
  const unit = key.column.name;
  const inner = (context.text ?? '').slice(grouping.span.start, grouping.span.end).replace(/\s+/g, ' ').trim();
  const units = new Set(grouping.keys.map((one) => one.column.name));
  const count = relation.columns.find((column) => !units.has(column.name))?.name;
  const rewrite =
    inner === '' || count === undefined || !/^[a-z_]\w*$/i.test(count)
      ? 'name the count inside (COUNT(*) AS n) and group by it outside: SELECT n, COUNT(*) FROM (…) GROUP BY n'
      : `group by the figure outside: SELECT ${count}, COUNT(*) FROM (${inner}) GROUP BY ${count}`;
  if (declaredColumns(relation, context.policy).of(key.expr)?.use === 'join') {
    return new SpannedError('QUERY_NOT_AGGREGATE', key.expr.span, {
      message: `${unit} is a join column: it tells single records apart, so that tables can be joined on it and records counted.`,
      next: `Join on ${unit}, or count its values: COUNT(DISTINCT ${unit}). For a figure of each record, ${rewrite}.`,
    });
  }
  return new SpannedError('QUERY_NOT_AGGREGATE', key.expr.span, {
    message: `Grouping by ${unit} puts out one row for every person.`,
    next: `Leave ${unit} out, or ${rewrite}.`,
  });
}

/** The grouping whose groups a relation shows, if it is one. */
function groupingOf(relation: Relation): Aggregate | null {
  switch (relation.kind) {
    case 'aggregate':
      return relation;
    case 'project':
    case 'filter':
    case 'sort':
    case 'limit':
      return groupingOf(relation.input);
    default:
      return null;
  }
}
