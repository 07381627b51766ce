/** Privacy amounts: ε or ρ, and δ, exact, no finer than the ledger counts. */
import { compare, multiply, type Rational, rational } from '../dp/rational.ts';
import { LIMIT_FIELDS } from './fields/limit.ts';
import type { PolicyNode } from './node.ts';
import type { BudgetLimit, Renewal } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Found, readFields } from './read-fields.ts';
import { type Known, readKnown } from './read-known.ts';
import { readDecimal } from './read-value.ts';

const ZERO = rational(0n);
const ONE = rational(1n);
/** The ledger counts ε and ρ in 10⁻¹² and δ in 10⁻¹⁸; finer limits could never be granted in full. */
const LOSS_UNITS = rational(10n ** 12n);
const DELTA_UNITS = rational(10n ** 18n);
/** Beyond it e^ε exceeds every count of persons by far, and no guarantee is left. */
const LOSS_HIGH = rational(10_000n);

/** Spans of time after which a budget starts anew. */
const KNOWN_RENEWALS: Known<Renewal> = {
  names: ['day', 'month', 'quarter'],
  one: 'span of time',
  many: 'spans',
  declare: null,
};

/** A map that is a limit; null, with problems, where it is none. */
export function readBudget(node: PolicyNode, path: string, problems: Problems): BudgetLimit | null {
  const before = problems.count;
  const found = readFields(node, path, LIMIT_FIELDS, problems);
  return found === null ? null : readLimit(node, found, path, problems.count > before, problems);
}

/**
 * The limit among the keys of a map; null, with problems, where it is none.
 *
 * @param isFaulty - the map has problems already: a loss that seems to be missing may be a misspelt key
 */
export function readLimit(
  node: PolicyNode,
  found: Found<typeof LIMIT_FIELDS>,
  path: string,
  isFaulty: boolean,
  problems: Problems,
): BudgetLimit | null {
  const delta = found.delta === undefined ? ZERO : readDelta(found.delta, true, `${path}.delta`, problems);
  const renews =
    found.renews === undefined ? null : readKnown(found.renews, KNOWN_RENEWALS, `${path}.renews`, problems);
  if (found.epsilon !== undefined && found.rho !== undefined) {
    problems.atKey(
      found.rho,
      `${path}.rho`,
      'A budget is stated in epsilon or in rho, not in both.',
      'Remove one of the two: epsilon serves few questions best, rho many.',
    );
    return null;
  }
  if (found.epsilon === undefined && found.rho === undefined) {
    if (!isFaulty)
      problems.atKey(
        node,
        path,
        'epsilon is missing.',
        `Write ${LIMIT_FIELDS.epsilon.example}, or ${LIMIT_FIELDS.rho.example}.`,
      );
    return null;
  }
  const epsilon = readLoss(found.epsilon, `${path}.epsilon`, problems);
  const rho = readLoss(found.rho, `${path}.rho`, problems);
  if (delta === null || (epsilon === null && rho === null)) return null;
  if (found.renews !== undefined && renews === null) return null;
  return { epsilon, rho, delta, renews };
}

function readLoss(node: PolicyNode | undefined, path: string, problems: Problems): Rational | null {
  if (node === undefined) return null;
  return readDecimal(
    node,
    path,
    {
      wanted: 'a number greater than 0 and at most 10000, with at most 12 decimals, such as 1',
      accepts: (value) => compare(value, ZERO) > 0 && compare(value, LOSS_HIGH) <= 0 && isWhole(value, LOSS_UNITS),
    },
    problems,
  );
}

/** A δ below 1; 0 where allowed. */
export function readDelta(node: PolicyNode, zero: boolean, path: string, problems: Problems): Rational | null {
  return readDecimal(
    node,
    path,
    {
      wanted: `a number ${zero ? 'from 0' : 'greater than 0'} to below 1, with at most 18 decimals, such as 1e-6`,
      accepts: (value) =>
        compare(value, ZERO) >= (zero ? 0 : 1) && compare(value, ONE) < 0 && isWhole(value, DELTA_UNITS),
    },
    problems,
  );
}

function isWhole(value: Rational, units: Rational): boolean {
  return multiply(value, units).denominator === 1n;
}
