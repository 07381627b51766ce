/** Accounts of a policy, and exact amounts in ledger units. */
import { ceil, floor, multiply, type Rational, rational } from '../dp/rational.ts';
import type { BudgetLimit, Policy } from '../policy/policy.ts';
import type { Account, Amount, Standing } from './ledger.ts';

const EPSILON_UNITS = 10n ** 12n;
const DELTA_UNITS = 10n ** 18n;

/** A cost in ledger units, rounded up. */
export function amountOf(cost: { readonly epsilon: Rational; readonly delta: Rational }): Amount {
  return {
    epsilon: ceil(multiply(cost.epsilon, rational(EPSILON_UNITS))),
    delta: ceil(multiply(cost.delta, rational(DELTA_UNITS))),
  };
}

/** A limit in ledger units, rounded down. */
function limitOf(limit: BudgetLimit): Amount {
  return {
    epsilon: floor(multiply(limit.epsilon, rational(EPSILON_UNITS))),
    delta: floor(multiply(limit.delta, rational(DELTA_UNITS))),
  };
}

/** An amount as numbers, for showing. */
export function numberOf(amount: Amount): { epsilon: number; delta: number } {
  return { epsilon: shown(amount.epsilon, 12), delta: shown(amount.delta, 18) };
}

/** One budget as people read it; `principal` null: the data set's own cap. */
export interface Budget {
  readonly principal: string | null;
  readonly dataset: string;
  readonly limit: { readonly epsilon: number; readonly delta: number };
  readonly spent: { readonly epsilon: number; readonly delta: number };
  readonly remaining: { readonly epsilon: number; readonly delta: number };
}

export function budgetOf({ id, limit, spent, remaining }: Standing): Budget {
  const { principal, dataset } = id;
  return { principal, dataset, limit: numberOf(limit), spent: numberOf(spent), remaining: numberOf(remaining) };
}

/** An amount as exact decimals, for fields that programs read. */
export function decimalsOf(amount: Amount): { epsilon: string; delta: string } {
  return { epsilon: decimal(amount.epsilon, 12), delta: decimal(amount.delta, 18) };
}

/** The accounts a question of this principal falls in: his own, and the data set's cap where one is set. */
export function accountsFor(policy: Policy, dataset: string, principal: string): Account[] {
  return accountsOf(policy).filter(
    ({ id }) => id.dataset === dataset && (id.principal === principal || id.principal === null),
  );
}

/** Every account of a policy. */
export function accountsOf(policy: Policy): Account[] {
  const own = [...policy.principals.values()].flatMap((principal) =>
    [...principal.budgets].map(
      ([dataset, limit]): Account => ({ id: { dataset, principal: principal.name }, limit: limitOf(limit) }),
    ),
  );
  const caps = [...policy.datasets.values()].flatMap((dataset): Account[] =>
    dataset.budget === null ? [] : [{ id: { dataset: dataset.name, principal: null }, limit: limitOf(dataset.budget) }],
  );
  return [...own, ...caps];
}

function shown(amount: bigint, decimals: number): number {
  return Number(decimal(amount, decimals));
}

function decimal(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
