/**
 * Privacy filters: stopping rules that stay valid when each charge is chosen after seeing earlier answers.
 *
 * A pure ε: the sum Σε [RRUV16]. A ρ: approximate zCDP, (Σρ, Σδ) [WRRW23 Thm 1]. An (ε, δ): basic (Σε, Σδ) [RRUV16; WRRW23
 * Lemma 3.5] and approximate zCDP side by side, δ halved between them (union bound over the filter that is alive at the
 * end). A charge is admitted while one of them holds; every charge that runs counts in both; limits are fixed by the policy
 * beforehand.
 */
import { epsilonDeltaToZcdp } from '../dp/conversion.ts';
import type { Amount, Limit } from './amount.ts';
import type { Verdict } from './ledger.ts';

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

/** Coordinate by coordinate the larger: no filter that holds for it fails for either. */
export function most(a: Spend, b: Spend): Spend {
  return {
    epsilon: larger(a.epsilon, b.epsilon),
    delta: larger(a.delta, b.delta),
    rho: larger(a.rho, b.rho),
    rhoDelta: larger(a.rhoDelta, b.rhoDelta),
  };
}

/** Limits of the filters that run; null where one does not. */
export interface Filters {
  readonly basic: Amount | null;
  /** `conversion` is the δ set aside to say ε instead of ρ; none where the budget is stated in ρ. */
  readonly zcdp: { readonly rho: bigint; readonly delta: bigint; readonly conversion: bigint } | null;
}

/** The filter that admits `charge` after `spent` within `limit`; null where none does. */
export function carrierOf(limit: Limit, spent: Spend, charge: Spend): Verdict['carriedBy'] {
  const { basic, zcdp } = filtersOf(limit);
  const next = plus(spent, charge);
  if (basic !== null && next.epsilon <= basic.epsilon && next.delta <= basic.delta) return 'basic';
  return zcdp !== null && next.rho <= zcdp.rho && next.rhoDelta <= zcdp.delta ? 'zcdp' : null;
}

/** Largest single pure-ε charge, and largest single δ, that `limit` still admits after `spent`; not both at once. */
export function remaining(limit: Limit, spent: Spend): Amount {
  const { basic, zcdp } = filtersOf(limit);
  const byBasic = basic !== null && basic.epsilon >= spent.epsilon ? above(basic.delta - spent.delta) : 0n;
  const byZcdp = zcdp !== null && zcdp.rho >= spent.rho ? above(zcdp.delta - spent.rhoDelta) : 0n;
  return { epsilon: epsilonBeside(limit, spent, NOTHING), delta: larger(byBasic, byZcdp) };
}

/** Largest pure ε that `limit` admits after `spent` in one charge with the δ of `charge`; 0 where that δ alone is too much. */
export function epsilonBeside(limit: Limit, spent: Spend, charge: Pick<Spend, 'delta' | 'rhoDelta'>): bigint {
  const { basic, zcdp } = filtersOf(limit);
  const byBasic =
    basic !== null && spent.delta + charge.delta <= basic.delta ? above(basic.epsilon - spent.epsilon) : 0n;
  if (zcdp === null || spent.rhoDelta + charge.rhoDelta > zcdp.delta) return byBasic;
  return larger(byBasic, pureWithin(above(zcdp.rho - spent.rho)));
}

const cache = new Map<string, Filters>();

/** The filters of a limit. */
export function filtersOf({ epsilon, rho, delta }: Limit): Filters {
  if (epsilon === null) return { basic: null, zcdp: rho === null ? null : { rho, delta, conversion: 0n } };
  if (delta === 0n) return { basic: { epsilon, delta }, zcdp: null };
  const key = `${epsilon}/${delta}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const filters = split({ epsilon, delta });
  cache.set(key, filters);
  return filters;
}

/** The zCDP filter gets half of δ, of which half pays its conversion and half the δ of its charges. */
function split(limit: Amount): Filters {
  const half = limit.delta / 2n;
  const conversion = half / 2n;
  const rho = epsilonDeltaToZcdp(Number(limit.epsilon) / 1e12, Number(conversion) / 1e18);
  return {
    basic: { epsilon: limit.epsilon, delta: limit.delta - half },
    zcdp: { rho: BigInt(Math.floor(rho * 1e12)), delta: half - conversion, conversion },
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
