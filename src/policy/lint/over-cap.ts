/** Whether the parts of a cap fit under it. */
import { compare } from '../../dp/rational.ts';
import type { BudgetLimit, Policy } from '../policy.ts';
import type { LintFinding } from './finding.ts';
import { limitsOf, lossOf, show, sumOfLimits } from './limit.ts';

/** A cap with the limits that are spent under it. */
interface Cap {
  readonly where: string;
  readonly cap: BudgetLimit;
  readonly parts: readonly BudgetLimit[];
  /** What the parts are, as it follows "The budgets of". */
  readonly whose: string;
}

/**
 * Limits that together exceed the cap above them: the last to ask will be refused. Losses add up within one notion and
 * one span of time alone; where a cap and its parts differ in these, nothing is judged, and that is said.
 */
export function* overCap(policy: Policy): Generator<LintFinding> {
  for (const one of capsOf(policy)) {
    const { where, cap, parts, whose } = one;
    const alike = parts.filter((part) => lossOf(part).notion === lossOf(cap).notion && part.renews === cap.renews);
    if (alike.length < parts.length) yield mixed(one, parts.length - alike.length);
    const { loss, delta } = sumOfLimits(alike);
    const { notion, amount } = lossOf(cap);
    const exceeded = [
      ...(compare(loss, amount) > 0 ? [`${notion} ${show(loss)} against ${show(amount)}`] : []),
      ...(compare(delta, cap.delta) > 0 ? [`delta ${show(delta)} against ${show(cap.delta)}`] : []),
    ];
    if (exceeded.length === 0) continue;
    yield {
      code: 'BUDGET_OVER_CAP',
      severity: 'note',
      where,
      message: `The budgets of ${whose} add up to more than the cap (${exceeded.join(', ')}): the last to ask are refused.`,
      next: 'Raise the cap or lower the budgets, unless first come, first served is meant.',
    };
  }
}

function capsOf(policy: Policy): readonly Cap[] {
  const datasets = [...policy.datasets.values()];
  const caps = datasets.flatMap((dataset): Cap[] => {
    const { name, budget: cap, purposes } = dataset;
    if (cap === null) return [];
    const where = `datasets.${name}.budget`;
    const ofPurposes = [...(purposes?.values() ?? [])].filter((limit) => limit !== null);
    return [
      { where, cap, parts: limitsOf(policy, dataset), whose: 'the principals' },
      { where, cap, parts: ofPurposes, whose: 'the purposes' },
    ];
  });
  if (policy.budget === null) return caps;
  const ofDatasets = datasets.map(({ budget }) => budget).filter((budget) => budget !== null);
  return [{ where: 'budget', cap: policy.budget, parts: ofDatasets, whose: 'the data sets' }, ...caps];
}

function mixed({ where, cap, whose }: Cap, others: number): LintFinding {
  return {
    code: 'BUDGET_MIXED',
    severity: 'note',
    where,
    message: `The cap is stated in ${lossOf(cap).notion} ${spanOf(cap)}, and ${others} of the budgets of ${whose} ${others === 1 ? 'is' : 'are'} stated otherwise: whether they fit under it is not judged. Each charge is held against both.`,
    next: 'State them alike, in epsilon or rho and for the same span of time, where the sum should be checked.',
  };
}

function spanOf({ renews }: BudgetLimit): string {
  return renews === null ? 'for all time' : `for each ${renews}`;
}
