/** Every limit of a policy with its place. */
import { add, type Rational, rational, toNumber } from '../../dp/rational.ts';
import type { BudgetLimit, Dataset, Policy } from '../policy.ts';

/** `cap`: over many principals; `purpose`: over all who ask for one; `principal`: his own. `dataset` null: over all of them. */
export interface PlacedLimit {
  readonly where: string;
  readonly limit: BudgetLimit;
  readonly dataset: string | null;
  readonly kind: 'cap' | 'purpose' | 'principal';
}

/** Every limit of a policy, caps first. */
export function* allLimits(policy: Policy): Generator<PlacedLimit> {
  if (policy.budget !== null) yield { where: 'budget', limit: policy.budget, dataset: null, kind: 'cap' };
  for (const { name, budget } of policy.datasets.values()) {
    if (budget !== null) yield { where: `datasets.${name}.budget`, limit: budget, dataset: name, kind: 'cap' };
  }
  for (const { name, purposes } of policy.datasets.values()) {
    for (const [purpose, limit] of purposes ?? []) {
      const where = `datasets.${name}.purposes.${purpose}.budget`;
      if (limit !== null) yield { where, limit, dataset: name, kind: 'purpose' };
    }
  }
  for (const { name, budgets } of policy.principals.values()) {
    for (const [dataset, limit] of budgets) {
      yield { where: `principals.${name}.budgets.${dataset}`, limit, dataset, kind: 'principal' };
    }
  }
}

/** The principals' budgets for a data set. */
export function limitsOf(policy: Policy, dataset: Dataset): readonly BudgetLimit[] {
  return [...policy.principals.values()]
    .map((principal) => principal.budgets.get(dataset.name))
    .filter((limit) => limit !== undefined);
}

/** The privacy loss of a limit in the notion it is stated in. */
export function lossOf({ epsilon, rho }: BudgetLimit): {
  readonly notion: 'epsilon' | 'rho';
  readonly amount: Rational;
} {
  if (epsilon !== null) return { notion: 'epsilon', amount: epsilon };
  return { notion: 'rho', amount: rho ?? rational(0n) };
}

/** Sum of the losses of limits of one notion, and of their δ. */
export function sumOfLimits(limits: readonly BudgetLimit[]): { readonly loss: Rational; readonly delta: Rational } {
  const zero = rational(0n);
  return limits.reduce(
    (sum, limit) => ({ loss: add(sum.loss, lossOf(limit).amount), delta: add(sum.delta, limit.delta) }),
    { loss: zero, delta: zero },
  );
}

/** An amount as it is told. */
export function show(value: Rational): string {
  return String(toNumber(value));
}
