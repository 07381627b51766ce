import type { Account, Reservation } from '../../src/charge/ledger.ts';

/** An account of `network`; amounts in ε and δ. */
export function account(principal: string | null, epsilon: number, delta = 0): Account {
  return {
    id: { dataset: 'network', principal },
    limit: { epsilon: BigInt(Math.round(epsilon * 1e12)), delta: BigInt(Math.round(delta * 1e18)) },
  };
}

/** A Laplace charge of ε (milli-epsilons) for plan `plan`. */
export function laplaceCharge(accounts: readonly Account[], milli: number, plan = 'plan'): Reservation {
  return {
    accounts,
    plan,
    principal: 'dr-lee',
    dataset: 'network',
    version: 'v1',
    policy: 'p',
    time: '2026-01-01T00:00:00.000Z',
    event: { kind: 'discrete-laplace', scale: ['1000', String(milli)], l1: '1' },
    amount: { epsilon: BigInt(milli) * 10n ** 9n, delta: 0n },
  };
}
