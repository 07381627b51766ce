/** P10: exact noise, million draws a second on one thread. Correctness first: the spread must be the law's. */
import { Bench } from 'tinybench';
import { systemBits } from '../src/crypto/entropy.ts';
import { type NoiseMechanism, samplerOf, variance } from '../src/dp/mechanism/noise.ts';
import { rational } from '../src/dp/rational.ts';
import type { Figure } from './report.ts';

const DRAWS = 200_000;

const CASES: readonly (readonly [what: string, mechanism: NoiseMechanism, bar: number, stretch: number])[] = [
  ['discrete Laplace, scale 10', { kind: 'discrete-laplace', scale: rational(10n) }, 4, 7],
  ['discrete Laplace, scale 10⁶', { kind: 'discrete-laplace', scale: rational(1_000_000n) }, 4, 7],
  ['discrete Gaussian, σ 10', { kind: 'discrete-gaussian', variance: rational(100n) }, 2, 3.5],
  ['discrete Gaussian, σ 10³', { kind: 'discrete-gaussian', variance: rational(10n ** 6n) }, 2, 3.5],
  ['discrete Gaussian, σ 10⁷', { kind: 'discrete-gaussian', variance: rational(10n ** 14n) }, 0.5, 1],
];

/** Measures every sampler. @throws Error when a sampler's spread is off by more than 3 % */
export async function samplers(): Promise<Figure[]> {
  const bits = systemBits();
  const out = new Float64Array(DRAWS);
  const bench = new Bench({ time: 500, warmupTime: 200 });
  for (const [what, mechanism] of CASES) {
    const sampler = samplerOf(mechanism);
    sampler.fill(bits, out);
    const spread = out.reduce((sum, x) => sum + x * x, 0) / DRAWS / variance(mechanism);
    if (Math.abs(spread - 1) > 0.03) throw new Error(`${what}: the spread is ${spread} of the law's.`);
    bench.add(what, () => sampler.fill(bits, out));
  }
  await bench.run();
  return CASES.map(([what, , bar, stretch], index) => {
    const result = bench.tasks[index]?.result;
    const median = result !== undefined && 'latency' in result ? result.latency.p50 : Number.NaN;
    return { id: 'P10', what, figure: DRAWS / median / 1000, unit: 'M/s', bar, stretch, more: true };
  });
}
