/** One audit: a question, two neighbours, a claim, a bound. */
import { systemBits } from '../../src/crypto/entropy.ts';
import type { Bits } from '../../src/dp/sampler/bits.ts';
import { type AuditFinding, audit } from '../../src/dp/simulation/auditor.ts';
import { seededBits } from '../../src/dp/simulation/seeded.ts';
import type { Neighbour } from './network.ts';
import { isValue } from './observe.ts';
import { type Asked, makeSampler, type Seams, saltsOf } from './sampler.ts';

/** Audits of one run of the suite, all bugs and scenarios; each may err with `ALPHA`, so all together with 10⁻⁶. */
const AUDITS = 1000;
export const ALPHA: number = 1e-6 / AUDITS;

/** Best events of the first third that are taken to the rest. */
const EVENTS = 2;

/** What is compared. */
export interface Pair {
  readonly base: Neighbour;
  readonly canary: Neighbour;
}

/** How much is looked at. */
export interface Effort {
  /** Runs of each neighbour. */
  readonly runs: number;
  /** A seed makes the audit the same every time; null draws from the system. */
  readonly seed: string | null;
}

/** Claim and lower bound of one question on two neighbours. */
export interface Verdict {
  readonly claim: { readonly epsilon: number; readonly delta: number };
  readonly finding: AuditFinding;
  /** The claim does not hold, with confidence 1 − ALPHA. */
  readonly broken: boolean;
}

/** Prepares an audit of one question; it can then be repeated. Both neighbours share one salt, which the auditor may know. */
export async function makeAudit(
  { base, canary }: Pair,
  asked: Asked,
  salt: string,
  seams: Seams = {},
): Promise<(effort: Effort) => Promise<Verdict>> {
  const salts = saltsOf(salt, 1);
  const first = await makeSampler(canary, asked, salts, seams);
  const second = await makeSampler(base, asked, salts, seams);
  const { claim } = first;
  return async ({ runs, seed }) => {
    const finding = audit(
      await first.sample(runs, bitsOf(seed, 'canary')),
      await second.sample(runs, bitsOf(seed, 'base')),
      { alpha: ALPHA, delta: claim.delta, events: EVENTS, together: isValue },
    );
    return { claim, finding, broken: finding.epsilon > claim.epsilon };
  };
}

function bitsOf(seed: string | null, side: string): Bits {
  return seed === null ? systemBits() : seededBits(`${seed}:${side}`);
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
