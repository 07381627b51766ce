/**
 * Counts of which each counts all that the one before it counts: COUNT(*) FILTER (WHERE f) and COUNT(*), a mean's count
 * and COUNT(*), ages below 50 and below 60. What each counts more than the one before is noised instead. Those
 * differences are not negative for any unit and group, and add up to the last count, so that one vector of them moves as
 * far as that one count (ℓ₁, and so ℓ₂), and takes the whole ε; the counts are sums of its beginnings, exactly.
 */
import type { ColumnId, Expr } from '../ask/ir.ts';
import { assignments, type Count, type Shared, undeclared } from './cells.ts';
import { makeCall } from './make-expr.ts';
import type { Source } from './source.ts';
import type { Facts } from './tracked.ts';

/** Longest list of counts in which chains are looked for. */
const COUNTS_MAX = 8;

/** Chains of counts that one unit moves alike, the longest first, as long as two or more of what is left form one. */
export function intoChains(counts: readonly Count[], source: Source): readonly Shared[] {
  if (counts.length > COUNTS_MAX) return [];
  const facts = undeclared(source.tracked.facts);
  const wholes = new Map(
    counts.map((part) => [part, new Set(counts.filter((whole) => isPart(part, whole, source, facts)))]),
  );
  const isPartOf = (part: Count, whole: Count): boolean => wholes.get(part)?.has(whole) === true;
  const chains: Shared[] = [];
  let left = counts;
  for (;;) {
    const chain = longest([], left, isPartOf);
    if (chain.length < 2) return chains;
    left = left.filter((count) => !chain.includes(count));
    const sums = chain.map((_, at) => chain.slice(0, at + 1).map((_, part) => part));
    chains.push({ counts: chain, sums, nested: true, make: () => widened(chain, source) });
  }
}

/** Counts, each after one that it counts all of. */
function longest(
  chain: readonly Count[],
  counts: readonly Count[],
  isPartOf: (part: Count, whole: Count) => boolean,
): readonly Count[] {
  const last = chain.at(-1);
  return counts
    .filter((one) => !chain.includes(one) && (last === undefined || (isPartOf(last, one) && !isPartOf(one, last))))
    .map((next) => longest([...chain, next], counts, isPartOf))
    .reduce((best, one) => (one.length > best.length ? one : best), chain);
}

function isPart(part: Count, whole: Count, source: Source, facts: Facts): boolean {
  if (whole.where === null) return true;
  if (part.where === null) return false;
  const conditions = [source.exprOf(part.where), source.exprOf(whole.where)];
  return assignments(conditions, facts).every(([inPart, inWhole]) => inPart !== true || inWhole === true);
}

/** Each count's condition with that of the one before it: no row of a person is lost on the way, whatever was reasoned. */
function widened(chain: readonly Count[], source: Source): readonly Count[] {
  let before: ColumnId | null = null;
  return chain.map((count): Count => {
    if (count.where === null || before === null) {
      before = count.where;
      return count;
    }
    const [part, whole] = [source.exprOf(before), source.exprOf(count.where)] as [Expr, Expr];
    before = source.column(makeCall('or', [part, whole], 'boolean', part.nullable || whole.nullable, whole.span));
    return { ...count, where: before };
  });
}
