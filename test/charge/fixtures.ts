import type { Account } from '../../src/charge/account-id.ts';
import type { AnchorStore } from '../../src/charge/anchor.ts';
import type { Reservation } from '../../src/charge/ledger.ts';

/** An account of `network`; amounts in ε and δ. */
export function account(principal: string | null, epsilon: number, delta = 0): Account {
  return {
    id: { dataset: 'network', principal, purpose: null },
    limit: {
      epsilon: BigInt(Math.round(epsilon * 1e12)),
      rho: null,
      delta: BigInt(Math.round(delta * 1e18)),
      renews: null,
    },
  };
}

/** What the audit is told of a charge that no question made. */
export const UNSPECIFIED = { purpose: null, part: null, columns: [], question: '' } as const;

/** An account that admits everything a test charges. */
export function ample(dataset: string, principal: string): Account {
  return {
    id: { dataset, principal, purpose: null },
    limit: { epsilon: 10n ** 18n, rho: null, delta: 10n ** 24n, renews: null },
  };
}

/** A Laplace charge of ε (milli-epsilons) for plan `plan`. */
export function laplaceCharge(accounts: readonly Account[], milli: number, plan = 'plan'): Reservation {
  return {
    ...UNSPECIFIED,
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

/** An anchor that can be relied on, and looked at. */
export function memoryAnchor(text: string | null = null): AnchorStore & { text: string | null } {
  return {
    text,
    durable: true,
    check: async () => undefined,
    async read() {
      return this.text;
    },
    async write(written) {
      this.text = written;
    },
  };
}
