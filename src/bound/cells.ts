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

/** A statistic that counts units or rows. */
export type Count = Extract<Statistic, { kind: 'units' | 'count' }>;

/** Counts that can give way to one vector. */
export interface Shared {
  readonly counts: readonly Count[];
  /** For every one of `counts`: the places in the vector whose sum it is. */
  readonly sums: readonly (readonly number[])[];
  /** Whether what each statistic of the vector counts more than the one before is noised; see `Vector`. */
  readonly nested: boolean;
  /** The statistics of the vector; makes their conditions columns of the source. */
  make(): readonly Count[];
}

/**
 * Splits into cells those of some counts, which one unit moves alike, whose conditions no two rows of a unit can meet
 * differently; null where there are too few, or no cell of some count.
 */
export function intoCells(all: readonly Count[], source: Source, limits: Limits): Shared | null {
  const counts = all.filter(
    ({ where }) => where === null || limits.path === 'rows' || dependsOnUnitAlone(source.exprOf(where), source.tracked),
  );
  const [first] = counts;
  if (first === undefined || counts.length < 2) return null;
  const conditions = [...new Set(counts.flatMap(({ where }) => (where === null ? [] : [where])))];
  const exprs = conditions.map((id) => source.exprOf(id));
  if (conditions.length > CONDITIONS_MAX) return null;
  const hasTotal = counts.some(({ where }) => where === null);
  const cells = assignments(exprs, undeclared(source.tracked.facts)).filter((cell) => hasTotal || cell.includes(true));
  const sums = counts.map(({ where }) =>
    cells.flatMap((cell, at) => (where === null || cell[conditions.indexOf(where)] === true ? [at] : [])),
  );
  if (sums.some((parts) => parts.length === 0)) return null;
  const make = (): readonly Count[] => cells.map((cell) => ({ ...first, where: columnOf(cell, exprs, source) }));
  return { counts, sums, nested: false, make };
}

/** 2^n cells at most. */
const CONDITIONS_MAX = 5;

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

/** The cell's condition as a column of the source; null where it is every row. */
function columnOf(cell: readonly boolean[], conditions: readonly Expr[], source: Source): ColumnId | null {
  const [first, ...others] = conditions.map((condition, at) => {
    if (cell[at] === true) return condition;
    const truth = makeLiteral('boolean', true, condition.span);
    return makeCall('is-distinct', [condition, truth], 'boolean', false, condition.span);
  });
  return first === undefined ? null : source.column(makeAnd([first, ...others], first.span));
}
