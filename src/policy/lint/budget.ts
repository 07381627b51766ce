/** Budgets: is there a cap, does it hold together, is what it promises worth its name. */
import { compare, decimalOf, type Rational, rational } from '../../dp/rational.ts';
import type { Policy } from '../policy.ts';
import { type LintFinding, usableColumns } from './finding.ts';
import { allLimits, limitsOf, lossOf, show } from './limit.ts';

/**
 * Above these a promise says little: the odds of any inference about one person may move by e^ε. ρ is judged by the ε it
 * stands for at δ = 10⁻⁵, ρ + 2√(ρ ln 1/δ) ([BS16, Prop. 1.3]): 5 is about ε 20, and 1.5 about ε 10.
 */
const LARGE = {
  epsilon: { cap: rational(20n), purpose: rational(20n), principal: rational(10n) },
  rho: { cap: rational(5n), purpose: rational(5n), principal: rational(3n, 2n) },
};

/**
 * δ is the mass on which nothing is promised: with n units, δ·n of them may be exposed outright, so it must stay well
 * below 1/n ([DR14, §2.3]). n is private; 10⁻⁵ already serves only data of a few thousand units.
 */
const DELTA_WEAK = decimalOf(1e-5);

/** Data sets without a cap. */
export function* capMissing(policy: Policy): Generator<LintFinding> {
  for (const dataset of policy.datasets.values()) {
    if (dataset.budget !== null) continue;
    const isSplit = [...(dataset.purposes?.values() ?? [])].some((limit) => limit !== null);
    yield {
      code: 'BUDGET_CAP_MISSING',
      severity: 'warning',
      where: `datasets.${dataset.name}`,
      message: isSplit
        ? 'Purposes have budgets, and none caps what is learnt for all of them together.'
        : 'No budget caps what all principals learn together; each new principal adds to the loss of every unit.',
      next: 'Write budget: { epsilon: …, delta: … } in the data set.',
    };
  }
}

/** Caps and budgets so large that the guarantee is hardly one. */
export function* epsilonLarge(policy: Policy): Generator<LintFinding> {
  for (const { where, limit, kind } of allLimits(policy)) {
    const { notion, amount } = lossOf(limit);
    if (compare(amount, LARGE[notion][kind]) <= 0) continue;
    yield {
      code: 'BUDGET_LARGE',
      severity: 'warning',
      where,
      message: `Once it is spent, ${notion === 'rho' ? 'a rho' : 'an epsilon'} of ${show(amount)} promises very little to any one unit.`,
      next: `Stay at or below ${show(LARGE[notion][kind])}; see what the questions cost with gauze explain.`,
    };
  }
}

/** δ too large for data of any size. */
export function* deltaWeak(policy: Policy): Generator<LintFinding> {
  for (const { where, limit } of allLimits(policy)) {
    if (compare(limit.delta, DELTA_WEAK) <= 0) continue;
    yield {
      code: 'DELTA_WEAK',
      severity: 'warning',
      where,
      message: `A delta of ${show(limit.delta)} allows that about one unit in ${show(invert(limit.delta))} is exposed outright.`,
      next: 'Choose delta well below one over the number of units: 1e-6 or less.',
    };
  }
}

/** A default δ that eats a budget in a few questions, or cannot be paid at all. */
export function* defaultDeltaLarge(policy: Policy): Generator<LintFinding> {
  for (const dataset of policy.datasets.values()) {
    const delta = dataset.defaultDelta;
    if (delta === null) continue;
    const limits = limitsOf(policy, dataset).filter((limit) => limit.delta.numerator > 0n);
    const tight = limits.some((limit) => compare(delta, limit.delta) > 0);
    if (!tight) continue;
    yield {
      code: 'DELTA_DEFAULT_LARGE',
      severity: 'warning',
      where: `datasets.${dataset.name}.defaultDelta`,
      message:
        'The default delta is more than the whole delta of a principal: his questions with private keys are refused.',
      next: 'Write about a hundredth of the smallest delta, or leave defaultDelta out.',
    };
  }
}

/** Pure-ε budgets over data whose text keys are private: selecting such keys costs δ. */
export function* deltaMissing(policy: Policy): Generator<LintFinding> {
  const withPrivateKeys = new Set<string>();
  for (const { dataset, column } of usableColumns(policy)) {
    if (column.type === 'text' && column.values === null) withPrivateKeys.add(dataset.name);
  }
  for (const { where, limit, dataset } of allLimits(policy)) {
    const isAsked = dataset === null ? withPrivateKeys.size > 0 : withPrivateKeys.has(dataset);
    if (limit.delta.numerator > 0n || !isAsked) continue;
    yield {
      code: 'DELTA_MISSING',
      severity: 'warning',
      where,
      message:
        'The budget has no delta, and the data set has text columns without public values: grouping by them is refused.',
      next: 'Write a delta, such as 1e-6, or list the values of those columns.',
    };
  }
}

/** Principals without a budget, and data sets that nobody may ask. */
export function* unreachable(policy: Policy): Generator<LintFinding> {
  for (const principal of policy.principals.values()) {
    if (principal.budgets.size > 0 || !principal.roles.has('researcher')) continue;
    yield {
      code: 'PRINCIPAL_WITHOUT_BUDGET',
      severity: 'warning',
      where: `principals.${principal.name}`,
      message: 'The principal has no budget and can ask about public tables only.',
      next: 'Write budgets: [ { dataset: …, epsilon: …, delta: … } ], or remove the principal.',
    };
  }
  for (const dataset of policy.datasets.values()) {
    if (limitsOf(policy, dataset).length > 0) continue;
    yield {
      code: 'DATASET_WITHOUT_PRINCIPAL',
      severity: 'note',
      where: `datasets.${dataset.name}`,
      message: 'No principal has a budget for this data set, so nobody can ask it.',
      next: 'Give a principal a budget: principals: { name: { budgets: [ … ] } }.',
    };
  }
}

function invert(value: Rational): Rational {
  return rational(value.denominator / value.numerator);
}
