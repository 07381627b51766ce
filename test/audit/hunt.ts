/** One audit: what was seen on two neighbours, a claim, a bound. */
import { systemBits } from '../../src/crypto/entropy.ts';
import type { Bits } from '../../src/dp/sampler/bits.ts';
import { type AuditFinding, audit, type Observation } from '../../src/dp/simulation/auditor.ts';
import { seededBits } from '../../src/dp/simulation/seeded.ts';
import { type Canary, makeNeighbour, type Neighbour } from './network.ts';
import { isValue } from './observe.ts';

/** Audits of one run of the suite are fewer; each may err with `ALPHA`, so all together with 10⁻⁶. */
const AUDITS = 1000;
export const ALPHA: number = 1e-6 / AUDITS;

/** Best events of the first third that are taken to the rest. */
const EVENTS = 2;

/** The longer command: many more runs, fresh noise, more salts. */
export const LONG: boolean = process.env.GAUZE_AUDIT === 'long';

/** ε and δ promised. */
export interface Claim {
  readonly epsilon: number;
  readonly delta: number;
}

/** Claim and lower bound of one question on two neighbours. */
export interface Verdict {
  readonly claim: Claim;
  readonly finding: AuditFinding;
  /** The claim does not hold, with confidence 1 − ALPHA. */
  readonly broken: boolean;
}

export function judge(claim: Claim, canary: readonly Observation[], base: readonly Observation[]): Verdict {
  const finding = audit(canary, base, { alpha: ALPHA, delta: claim.delta, events: EVENTS, together: isValue });
  return { claim, finding, broken: finding.epsilon > claim.epsilon };
}

/** Noise of an audit: the same every time in CI, so that no verdict flickers; the system's in longer runs. */
export function bitsFor(...seed: readonly string[]): Bits {
  return LONG ? systemBits() : seededBits(seed.join(':'));
}

/** One line of a report. */
export function line(name: string, canary: string, { claim, finding }: Verdict): string {
  const { epsilon, event, hits, trials } = finding;
  const shown =
    event === null
      ? 'nothing told apart'
      : `${event.feature} ${event.relation} ${event.value}: ${hits[0]} against ${hits[1]} of ${trials}`;
  return `${name} [${canary}]: claim ${claim.epsilon.toFixed(3)}, at least ${epsilon.toFixed(3)} (${shown.replace(/\s+/g, ' ').slice(0, 110)})`;
}

/** Databases by canary, opened on first use. */
export interface Neighbours {
  of(canary: Canary | null): Promise<Neighbour>;
  close(): Promise<void>;
}

export function makeNeighbours(): Neighbours {
  const opened = new Map<Canary | null, Promise<Neighbour>>();
  return {
    of(canary) {
      const known = opened.get(canary) ?? makeNeighbour(canary);
      opened.set(canary, known);
      return known;
    },
    async close() {
      for (const neighbour of opened.values()) await (await neighbour).close();
    },
  };
}
