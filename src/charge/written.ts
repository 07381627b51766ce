/** Amounts and accounts as entries write them. */
import type { AccountId } from './account-id.ts';
import type { WrittenAccount, WrittenSpend } from './entry.ts';
import type { Spend } from './filter.ts';

/** Amounts of an entry. */
export function readSpend(spend: WrittenSpend): Spend {
  return {
    epsilon: BigInt(spend.epsilon),
    delta: BigInt(spend.delta),
    rho: BigInt(spend.rho),
    rhoDelta: BigInt(spend.rhoDelta),
  };
}

/** Amounts as entries write them. */
export function writeSpend(spend: Spend): WrittenSpend {
  return {
    epsilon: String(spend.epsilon),
    delta: String(spend.delta),
    rho: String(spend.rho),
    rhoDelta: String(spend.rhoDelta),
  };
}

/** Whose account an entry means. */
export function readAccount({ dataset, principal, purpose }: WrittenAccount): AccountId {
  return { dataset, principal, purpose: purpose ?? null };
}
