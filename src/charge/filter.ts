/**
 * Privacy filters: stopping rules that stay valid when each charge is chosen after seeing earlier answers.
 *
 * Side by side: basic (Σε, Σδ) [RRUV16; WRRW23 Lemma 3.5] and, where the budget has a δ, approximate zCDP (Σρ, Σδ)
 * [WRRW23 Thm 1], the budget's δ halved between them (union bound over the filter that is alive at the end). A charge is
 * admitted while one of them holds; every charge that runs counts in both; limits are fixed by the policy beforehand.
 */
import { epsilonDeltaToZcdp } from '../dp/conversion.ts';
import type { Amount } from './ledger.ts';

/** What one charge adds, and what a history has added up to; all rounded up. ρ in 10⁻¹². */
export interface Spend extends Amount {
  readonly rho: bigint;
  /** δ of the charge that stays when it is priced in ρ. */
  readonly rhoDelta: bigint;
}

export const NOTHING: Spend = { epsilon: 0n, delta: 0n, rho: 0n, rhoDelta: 0n };

export function plus(a: Spend, b: Spend): Spend {
  return {
    epsilon: a.epsilon + b.epsilon,
    delta: a.delta + b.delta,
    rho: a.rho + b.rho,
    rhoDelta: a.rhoDelta + b.rhoDelta,
  };
}

/** Limits of both filters; `rho` null where only the basic one runs. */
interface Limits {
  readonly epsilon: bigint;
  readonly delta: bigint;
  readonly zcdp: { readonly rho: bigint; readonly delta: bigint } | null;
}

/** Whether `charge` may follow `spent` within `limit`. */
export function admits(limit: Amount, spent: Spend, charge: Spend): boolean {
  const limits = limitsOf(limit);
  const next = plus(spent, charge);
  const basic = next.epsilon <= limits.epsilon && next.delta <= limits.delta;
  const zcdp = limits.zcdp !== null && next.rho <= limits.zcdp.rho && next.rhoDelta <= limits.zcdp.delta;
  return basic || zcdp;
}

/** Largest single pure-ε charge, and largest single δ, that `limit` still admits after `spent`; not both at once. */
export function remaining(limit: Amount, spent: Spend): Amount {
  const limits = limitsOf(limit);
  const basic = limits.epsilon >= spent.epsilon ? above(limits.delta - spent.delta) : 0n;
  const zcdp = limits.zcdp !== null && limits.zcdp.rho >= spent.rho ? above(limits.zcdp.delta - spent.rhoDelta) : 0n;
  return { epsilon: epsilonBeside(limit, spent, NOTHING), delta: larger(basic, zcdp) };
}

/** Largest pure ε that `limit` admits after `spent` in one charge with the δ of `charge`; 0 where that δ alone is too much. */
export function epsilonBeside(limit: Amount, spent: Spend, charge: Pick<Spend, 'delta' | 'rhoDelta'>): bigint {
  const { epsilon, delta, zcdp } = limitsOf(limit);
  const byBasic = spent.delta + charge.delta <= delta ? above(epsilon - spent.epsilon) : 0n;
  if (zcdp === null || spent.rhoDelta + charge.rhoDelta > zcdp.delta) return byBasic;
  return larger(byBasic, pureWithin(above(zcdp.rho - spent.rho)));
}

const cache = new Map<string, Limits>();

function limitsOf(limit: Amount): Limits {
  const key = `${limit.epsilon}/${limit.delta}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const limits = limit.delta === 0n ? { ...limit, zcdp: null } : split(limit);
  cache.set(key, limits);
  return limits;
}

/** The zCDP filter gets half of δ, of which half pays its conversion and half the δ of its charges. */
function split(limit: Amount): Limits {
  const half = limit.delta / 2n;
  const conversion = half / 2n;
  const rho = epsilonDeltaToZcdp(Number(limit.epsilon) / 1e12, Number(conversion) / 1e18);
  return {
    epsilon: limit.epsilon,
    delta: limit.delta - half,
    zcdp: { rho: BigInt(Math.floor(rho * 1e12)), delta: half - conversion },
  };
}

/** Largest ε (10⁻¹², rounded down) with ε·tanh(ε/2) ≤ ρ, what any ε-DP mechanism costs (`zcdpOfPure`). */
function pureWithin(rho: bigint): bigint {
  const target = (Number(rho) / 1e12) * (1 - 2 ** -39);
  let low = 0;
  let high = 1 + target * 2 + 2 * Math.sqrt(target);
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (middle * Math.tanh(middle / 2) <= target) low = middle;
    else high = middle;
  }
  return BigInt(Math.floor(low * 1e12 * (1 - 2 ** -39)));
}

function above(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
