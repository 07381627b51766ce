/** How to write bounds where none are known: the ends that are missing, and numbers for them where the policy tells some. */
import type { AggregateCall, Expr } from '../ask/ir.ts';
import { canBeNull } from './facts.ts';
import { rangeOf } from './range.ts';
import type { ColumnFacts, Facts, Range } from './tracked.ts';

/**
 * What to write in place of an expression without bounds. Where it can be NULL the form is a CASE: LEAST and GREATEST pass
 * NULL over, so that a missing value would become an end.
 */
export function boundsAdvice(expr: Expr, facts: Facts, text: string): string {
  const written = text.slice(expr.span.start, expr.span.end).replace(/\s+/g, ' ') || 'x';
  const known = closedEnds(rangeOf(expr, facts));
  const usual = expr.kind === 'column' ? facts.columns.get(expr.id)?.usual : undefined;
  const low = known.low ? null : (usual?.low ?? 'LOW');
  const high = known.high ? null : (usual?.high ?? 'HIGH');
  const form = canBeNull(expr, facts) ? caseForm(written, low, high) : callForm(written, low, high);
  if (usual !== undefined) {
    return `Write ${form} instead, for example: ${usual.because}. Values beyond are moved to the end; closer ends mean less noise.`;
  }
  const ends = low === null || high === null ? `a number for ${low ?? high}` : `numbers for ${low} and ${high}`;
  return `Write ${form} instead, with ${ends}: values beyond are moved to the nearest end. Or have bounds declared in the policy.`;
}

function callForm(written: string, low: string | null, high: string | null): string {
  const above = low === null ? written : `GREATEST(${written}, ${low})`;
  return high === null ? above : `LEAST(${above}, ${high})`;
}

function caseForm(written: string, low: string | null, high: string | null): string {
  const branches = [
    ...(high === null ? [] : [`WHEN ${written} > ${high} THEN ${high}`]),
    ...(low === null ? [] : [`WHEN ${written} < ${low} THEN ${low}`]),
  ];
  return `CASE ${branches.join(' ')} ELSE ${written} END`;
}

/**
 * Ends for a count or sum inside one unit, if it has no more rows than the policy counts; none where the summed values
 * have no bounds. Nothing keeps to them: advice alone.
 */
export function usualTotal({ name, args }: AggregateCall, facts: Facts, rows: number): ColumnFacts['usual'] {
  const [x] = args;
  if (name === 'count-rows' || name === 'count' || name === 'count-distinct') {
    return { low: '0', high: String(rows), because: `the policy counts ${rows} rows of one person in a group` };
  }
  const range = name === 'sum' && x !== undefined ? rangeOf(x, facts) : null;
  const known = closedEnds(range);
  if (range === null || !known.low || !known.high) return undefined;
  const times = (end: bigint | number | null): string => String(Number(((Number(end) || 0) * rows).toPrecision(12)));
  return {
    low: times(range.low),
    high: times(range.high),
    because: `the policy counts ${rows} rows of one person in a group, from ${range.low} to ${range.high} each`,
  };
}

function closedEnds(range: Range | null): { readonly low: boolean; readonly high: boolean } {
  if (range === null) return { low: false, high: false };
  if (range.kind === 'exact') return { low: range.low !== null, high: range.high !== null };
  return { low: Number.isFinite(range.low), high: Number.isFinite(range.high) };
}
