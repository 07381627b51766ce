/** P15: 10,000 mixed events composed to ε at a δ. The answer is first held against what simpler accountants say. */
import { notionsOf } from '../src/dp/accountant/notions.ts';
import { privacyLossOf } from '../src/dp/accountant/pld.ts';
import type { ExactFraction, PrivacyEvent } from '../src/dp/event.ts';
import { rational, toNumber } from '../src/dp/rational.ts';
import type { Figure } from './report.ts';

const EACH = 200;
const ROUNDS = 9;
const DELTA = 1e-6;

const over = (numerator: number, denominator: number): ExactFraction => [String(numerator), String(denominator)];

/** Fifty kinds: noise of many scales on scalars and vectors, selections, thresholds. */
const KINDS: readonly PrivacyEvent[] = [
  ...Array.from(
    { length: 20 },
    (_, i): PrivacyEvent => ({
      kind: 'discrete-laplace',
      scale: over(5000 + 3700 * i, 10),
      l1: String(1 + (i % 5) * 4),
      lInf: String(1 + (i % 5)),
      l0: '4',
    }),
  ),
  ...Array.from(
    { length: 15 },
    (_, i): PrivacyEvent => ({
      kind: 'discrete-gaussian',
      variance: over(40000 + 53100 * i, 1),
      l2Squared: String(1 + (i % 6)),
    }),
  ),
  ...Array.from(
    { length: 10 },
    (_, i): PrivacyEvent => ({
      kind: 'partition-selection',
      epsilon: over(1 + i, 1000),
      delta: over(1, 10 ** 11),
      groups: 1 + (i % 3),
    }),
  ),
  ...Array.from(
    { length: 5 },
    (_, i): PrivacyEvent => ({ kind: 'threshold', delta: over(1 + i, 10 ** 11), groups: 3, threshold: '40' }),
  ),
];

/** Measures the composition. @throws Error when it is above another accountant's answer, or depends on the order */
export async function accountant(): Promise<Figure[]> {
  // A fixed permutation of 10,000 events: 7919 is prime to their number.
  const total = EACH * KINDS.length;
  const plan = Array.from({ length: total }, (_, i) => ({
    event: KINDS[((i * 7919) % total) % KINDS.length] as PrivacyEvent,
    count: 1,
  }));
  const said = notionsOf(plan, rational(1n, 10n ** 6n));
  const ordered = privacyLossOf(KINDS.map((event) => ({ event, count: EACH })))?.epsilonAt(DELTA);
  if (said.pld === null || said.renyi === null || said.zcdp === null || ordered === undefined) {
    throw new Error('Every accountant but the basic one has an answer.');
  }
  const epsilon = toNumber(said.pld);
  if (!(epsilon < toNumber(said.renyi) && toNumber(said.renyi) < toNumber(said.zcdp))) {
    throw new Error(`The distribution says ${epsilon}, more than Rényi or zCDP.`);
  }
  if (Math.abs(ordered / epsilon - 1) > 1e-9) throw new Error('The order of events changes their loss.');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    privacyLossOf(plan)?.epsilonAt(DELTA);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const what = `10,000 mixed events of 50 kinds by PLD, ε ${epsilon.toPrecision(4)} at δ 10⁻⁶`;
  const figure = (times[ROUNDS >> 1] as number) / 1000;
  return [{ id: 'P15', what, figure, unit: 's', bar: 1, stretch: 0.5, more: false }];
}
