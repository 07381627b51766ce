/** Accounts of a policy, and exact amounts in ledger units. */
import { ceil, floor, multiply, type Rational, rational } from '../dp/rational.ts';
import type { BudgetLimit, Policy, Renewal } from '../policy/policy.ts';
import type { Account, AccountId } from './account-id.ts';
import { type Amount, DELTA_UNITS, type Limit, LOSS_UNITS, type Spent } from './amount.ts';
import type { Standing } from './ledger.ts';

/** A cost in ledger units, rounded up. */
export function amountOf(cost: { readonly epsilon: Rational; readonly delta: Rational }): Amount {
  return {
    epsilon: ceil(multiply(cost.epsilon, rational(LOSS_UNITS))),
    delta: ceil(multiply(cost.delta, rational(DELTA_UNITS))),
  };
}

/** A limit in ledger units, rounded down. */
function limitOf({ epsilon, rho, delta, renews }: BudgetLimit): Limit {
  const units = (value: Rational, scale: bigint): bigint => floor(multiply(value, rational(scale)));
  return {
    epsilon: epsilon === null ? null : units(epsilon, LOSS_UNITS),
    rho: rho === null ? null : units(rho, LOSS_UNITS),
    delta: units(delta, DELTA_UNITS),
    renews,
  };
}

/** An amount as numbers, for showing. */
export function numberOf(amount: Amount): Loss {
  return { epsilon: shown(amount.epsilon, 12), delta: shown(amount.delta, 18) };
}

/** ε and δ as numbers. */
export interface Loss {
  readonly epsilon: number;
  readonly delta: number;
}

/** One budget as people read it. Null as principal and purpose: the data set's own cap; no data set: the cap over all. */
export interface Budget extends AccountId {
  /** `epsilon` is null where the budget is stated as ρ, `rho` where it is stated as ε. */
  readonly limit: { readonly epsilon: number | null; readonly rho: number | null; readonly delta: number };
  readonly renews: Renewal | null;
  /** Since the budget last started anew; the same as `lifetime` where it never does. */
  readonly spent: Loss & { readonly rho: number };
  readonly lifetime: Loss & { readonly rho: number };
  readonly remaining: Loss;
  /** A statement that is valid whenever it is looked at: since the budget last started anew the loss is (ε, δ). */
  readonly soFar: Loss | null;
}

export function budgetOf({ id, limit, spent, lifetime, remaining, soFar }: Standing): Budget {
  return {
    ...id,
    limit: {
      epsilon: limit.epsilon === null ? null : shown(limit.epsilon, 12),
      rho: limit.rho === null ? null : shown(limit.rho, 12),
      delta: shown(limit.delta, 18),
    },
    renews: limit.renews,
    spent: spentNumbers(spent),
    lifetime: spentNumbers(lifetime),
    remaining: numberOf(remaining),
    soFar: soFar === null ? null : numberOf(soFar),
  };
}

function spentNumbers(spent: Spent): Budget['spent'] {
  return { ...numberOf(spent), rho: shown(spent.rho, 12) };
}

/** An amount as exact decimals, for fields that programs read. */
export function decimalsOf(amount: Amount): { epsilon: string; delta: string } {
  return { epsilon: decimal(amount.epsilon, 12), delta: decimal(amount.delta, 18) };
}

/** Whose budget an account is, in words. */
export function accountName({ dataset, principal, purpose }: AccountId): string {
  if (dataset === null) return 'all data sets together';
  if (principal !== null) return `${principal} on ${dataset}`;
  return purpose === null ? `the data set ${dataset}` : `${purpose} on ${dataset}`;
}

/** The accounts a question falls in: its principal's, its purpose's, the data set's, and the one over all, where they are set. */
export function accountsFor(policy: Policy, dataset: string, principal: string, purpose: string | null): Account[] {
  return accountsOf(policy).filter(
    ({ id }) =>
      (id.dataset === dataset || id.dataset === null) &&
      (id.principal === principal || id.principal === null) &&
      (id.purpose === purpose || id.purpose === null),
  );
}

/** Every account of a policy. */
export function accountsOf(policy: Policy): Account[] {
  const own = [...policy.principals.values()].flatMap(({ name, budgets }) =>
    [...budgets].map(([dataset, limit]) => account({ dataset, principal: name, purpose: null }, limit)),
  );
  const shared = [...policy.datasets.values()].flatMap((dataset) => [
    ...[...(dataset.purposes ?? [])].map(([purpose, limit]) =>
      account({ dataset: dataset.name, principal: null, purpose }, limit),
    ),
    account({ dataset: dataset.name, principal: null, purpose: null }, dataset.budget),
  ]);
  const all = account({ dataset: null, principal: null, purpose: null }, policy.budget);
  return [...own, ...shared, all].filter((one) => one !== null);
}

function account(id: AccountId, limit: BudgetLimit | null): Account | null {
  return limit === null ? null : { id, limit: limitOf(limit) };
}

function shown(amount: bigint, decimals: number): number {
  return Number(decimal(amount, decimals));
}

function decimal(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
