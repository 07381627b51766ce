/**
 * Counts that overlap, split into cells that do not. COUNT(*) beside COUNT(*) FILTER (WHERE f) would share ε; the cells
 * "f" and "not f" take all of it each, because a unit is in one of them, and the counts are sums of cells. By parallel
 * composition inside one vector ([McSherry09] Thm 4) the cells cost what one count costs.
 */
import type { ColumnId, Expr } from '../ask/ir.ts';
import type { Statistic } from './bounded.ts';
import type { Limits } from './contribution.ts';
import { unknownFacts } from './declared.ts';
import { assume, isExcluded, isExhausted } from './facts.ts';
import { makeAnd, makeCall, makeLiteral } from './make-expr.ts';
import { dependsOnUnitAlone } from './privacy-unit.ts';
import type { Source } from './source.ts';
import type { Facts } from './tracked.ts';

/** Statistics where overlapping counts have given way to cells. */
export interface Cells {
  readonly statistics: readonly Statistic[];
  /** For every statistic as it was: the statistics whose sum it is now. */
  readonly sums: readonly (readonly number[])[];
  /** The cells: a unit moves at most one of them in any group. */
  readonly disjoint: readonly number[];
  /** The cells are what each statistic of `disjoint` counts more than the one before it. */
  readonly nested: boolean;
}

/** A statistic that counts units or rows. */
export type Count = Extract<Statistic, { kind: 'units' | 'count' }>;

/**
 * Splits the counts of a question where their sums of cells err less than the counts would under a shared ε; null where
 * they would not, or where one unit's rows could lie in several cells.
 */
export function intoCells(statistics: readonly Statistic[], source: Source, limits: Limits): Cells | null {
  const counts = statistics.flatMap((statistic, index) => (isCount(statistic) ? [{ statistic, index }] : []));
  const [first] = counts;
  if (first === undefined || counts.length < 2 || !counts.every(({ statistic }) => alike(statistic, first.statistic))) {
    return null;
  }
  const conditions = [...new Set(counts.flatMap(({ statistic: { where } }) => (where === null ? [] : [where])))];
  const exprs = conditions.map((id) => source.exprOf(id));
  if (limits.path !== 'rows' && !exprs.every((expr) => dependsOnUnitAlone(expr, source.tracked))) return null;
  if (conditions.length > CONDITIONS_MAX) return null;
  const hasTotal = counts.some(({ statistic }) => statistic.where === null);
  const cells = assignments(exprs, undeclared(source.tracked.facts)).filter((cell) => hasTotal || cell.includes(true));
  const parts = counts.map(({ statistic: { where } }) =>
    cells.flatMap((cell, at) => (where === null || cell[conditions.indexOf(where)] === true ? [at] : [])),
  );
  if (parts.some((cells) => cells.length === 0) || !errsLess(parts, counts.length)) return null;
  const others = statistics.filter((statistic) => !isCount(statistic));
  const made = cells.map((cell): Statistic => ({ ...first.statistic, where: columnOf(cell, exprs, source) }));
  const disjoint = made.map((_, at) => others.length + at);
  const sums = statistics.map((statistic, index) => {
    const at = counts.findIndex((count) => count.index === index);
    return at < 0
      ? [(others as readonly Statistic[]).indexOf(statistic)]
      : (parts[at] as number[]).map((cell) => disjoint[cell] as number);
  });
  return { statistics: [...others, ...made], sums, disjoint, nested: false };
}

/** 2^n cells at most. */
const CONDITIONS_MAX = 5;

/** Whether a statistic counts units or rows. */
export function isCount(statistic: Statistic): statistic is Count {
  return statistic.kind === 'units' || statistic.kind === 'count';
}

/** Whether one unit moves two counts alike. */
export function alike(a: Count, b: Count): boolean {
  return a.kind === b.kind && (a.kind === 'units' || b.kind === 'units' || a.rows === b.rows);
}

/** Nothing but the columns: what the policy declares of values is not verified, and every row has its cell. */
export function undeclared({ columns }: Facts): Facts {
  return { columns: new Map([...columns].map(([id, { name }]) => [id, unknownFacts(name)])) };
}

/** Which conditions hold together, except where one excludes another. */
export function assignments(conditions: readonly Expr[], facts: Facts): boolean[][] {
  return conditions
    .reduce<{ cell: boolean[]; facts: Facts }[]>(
      (known, condition) =>
        known.flatMap((one) =>
          [true, false].flatMap((holds) => {
            const assumption = { condition, holds };
            const after = assume(one.facts, assumption);
            return isExhausted(after) || isExcluded(one.facts, assumption)
              ? []
              : [{ cell: [...one.cell, holds], facts: after }];
          }),
        ),
      [{ cell: [], facts }],
    )
    .map(({ cell }) => cell);
}

/** Noise variances, in units of one count's under the whole ε: its number of cells, against n² where n counts share ε. */
function errsLess(parts: readonly (readonly number[])[], shared: number): boolean {
  const logs = parts.reduce((sum, cells) => sum + Math.log(Math.max(1, cells.length)), 0);
  return logs < parts.length * Math.log(shared * shared);
}

/** The cell's condition as a column of the source; null where it is every row. */
function columnOf(cell: readonly boolean[], conditions: readonly Expr[], source: Source): ColumnId | null {
  const [first, ...others] = conditions.map((condition, at) => {
    if (cell[at] === true) return condition;
    const truth = makeLiteral('boolean', true, condition.span);
    return makeCall('is-distinct', [condition, truth], 'boolean', false, condition.span);
  });
  return first === undefined ? null : source.column(makeAnd([first, ...others], first.span));
}
