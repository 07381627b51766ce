/** Conditions of counts that only say that a summed value is present: one count serves both. */
import type { ColumnId } from '../../ask/ir.ts';
import { meaningOf, meaningOfCall } from '../../ask/meaning.ts';
import type { BoundedQuestion, Statistic } from '../../bound/bounded.ts';

export type SumStatistic = Extract<Statistic, { kind: 'sum' }>;

/** What a condition says of a sum's value in every row: it is there, or (`missing`) it is not. */
export interface Present {
  readonly sum: SumStatistic;
  readonly missing: boolean;
}

/** By condition column. */
export type Presence = ReadonlyMap<ColumnId, Present>;

const TRUE = meaningOf({ kind: 'literal', type: 'boolean', value: true, nullable: false, span: { start: 0, end: 0 } });

/**
 * Finds conditions `x IS NOT NULL`, their opposites, and `c AND x IS NOT NULL` where x is summed under c. A value on its
 * grid is NULL where x is NULL or NaN, which the tree reads as NULL.
 */
export function presenceOf(question: BoundedQuestion): Presence {
  const definitions = definitionsOf(question);
  const conditions = new Map<string, Present>();
  for (const sum of question.statistics) {
    if (sum.kind !== 'sum') continue;
    const input = definitions.get(sum.input);
    if (input === undefined) continue;
    const present = meaningOfCall('is-not-null', [input]);
    if (sum.where === null) {
      conditions.set(present, { sum, missing: false });
      conditions.set(meaningOfCall('is-distinct', [present, TRUE]), { sum, missing: true });
    } else {
      const where = definitions.get(sum.where);
      if (where !== undefined) conditions.set(meaningOfCall('and', [where, present]), { sum, missing: false });
    }
  }
  const presence = new Map<ColumnId, Present>();
  for (const statistic of question.statistics) {
    if (statistic.kind === 'sum' || statistic.where === null) continue;
    const same = conditions.get(definitions.get(statistic.where) ?? '');
    if (same !== undefined) presence.set(statistic.where, same);
  }
  return presence;
}

/** What each column of the source is, as a text that equals another's only where both mean the same. */
function definitionsOf({ source }: BoundedQuestion): ReadonlyMap<ColumnId, string> {
  if (source.kind !== 'project') return new Map();
  return new Map(source.items.map(({ column, expr }) => [column.id, meaningOf(expr)]));
}
