/** Privacy amounts: ε and δ, exact, no finer than the ledger counts. */
import { compare, multiply, type Rational, rational } from '../dp/rational.ts';
import type { LIMIT_FIELDS } from './fields.ts';
import type { PolicyNode } from './node.ts';
import type { BudgetLimit } from './policy.ts';
import type { Problems } from './problems.ts';
import type { Found } from './read-fields.ts';
import { readDecimal } from './read-value.ts';

const ZERO = rational(0n);
const ONE = rational(1n);
/** The ledger counts ε in 10⁻¹² and δ in 10⁻¹⁸; finer limits could never be granted in full. */
const EPSILON_UNITS = rational(10n ** 12n);
const DELTA_UNITS = rational(10n ** 18n);
/** Beyond it e^ε exceeds every count of persons by far, and no guarantee is left. */
const EPSILON_HIGH = rational(10_000n);

/** ε and δ of a budget; null, with problems, where either is wrong. */
export function readLimit(found: Found<typeof LIMIT_FIELDS>, path: string, problems: Problems): BudgetLimit | null {
  if (found.epsilon === undefined) return null;
  const epsilon = readDecimal(
    found.epsilon,
    `${path}.epsilon`,
    {
      wanted: 'a number greater than 0 and at most 10000, with at most 12 decimals, such as 1',
      accepts: (value) =>
        compare(value, ZERO) > 0 && compare(value, EPSILON_HIGH) <= 0 && isWhole(value, EPSILON_UNITS),
    },
    problems,
  );
  const delta = found.delta === undefined ? ZERO : readDelta(found.delta, true, `${path}.delta`, problems);
  return epsilon === null || delta === null ? null : { epsilon, delta };
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
