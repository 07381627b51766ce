/** Privacy losses of small cases from their definition: every output listed, nothing rounded but doubles. */

/** Atoms of a loss, `[loss, mass]`; loss may be Infinity. Under one neighbour; the other's mass is mass·e^(−loss). */
export type ExactLoss = readonly (readonly [loss: number, mass: number])[];

/** Loss of ln(P/Q) under P from two lists of probabilities of the same outputs. */
export function lossBetween(p: readonly number[], q: readonly number[]): ExactLoss {
  return p.flatMap((mass, i): (readonly [number, number])[] => {
    const other = q[i] as number;
    return mass === 0 ? [] : [[other === 0 ? Number.POSITIVE_INFINITY : Math.log(mass / other), mass]];
  });
}

/** Noise of unnormalised weights on the integers, moved by Δ; `reach` has to leave nothing to count beyond. */
export function noiseLoss(weight: (x: number) => number, moved: number, reach: number): ExactLoss {
  const xs = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const total = xs.reduce((sum, x) => sum + weight(x), 0);
  return lossBetween(
    xs.map((x) => weight(x) / total),
    xs.map((x) => weight(x - moved) / total),
  ).filter(([loss]) => Number.isFinite(loss));
}

/** Independent losses added; equal sums (to 10⁻⁹) are one atom. */
export function together(losses: readonly ExactLoss[]): ExactLoss {
  let sum: ExactLoss = [[0, 1]];
  for (const one of losses) {
    const next = new Map<number, [number, number]>();
    for (const [a, p] of sum) {
      for (const [b, q] of one) {
        const key = Math.round((a + b) * 1e9);
        const known = next.get(key);
        if (known === undefined) next.set(key, [a + b, p * q]);
        else known[1] += p * q;
      }
    }
    sum = [...next.values()].filter(([, mass]) => mass > 1e-40);
  }
  return sum;
}

/** δ(ε) = Σ (1 − e^(ε−l))⁺·p. */
export function exactDelta(loss: ExactLoss, epsilon: number): number {
  return loss.reduce((sum, [l, mass]) => (l > epsilon ? sum - mass * Math.expm1(epsilon - l) : sum), 0);
}

/** All ways to move up to `l1` in parts of at most `lInf`, at most `l0` of them, largest first. */
export function splits(l1: number, lInf: number, l0: number): number[][] {
  if (l0 === 0) return [[]];
  const most = Math.min(l1, lInf);
  const parts = Array.from({ length: most }, (_, i) => i + 1);
  return [[], ...parts.flatMap((part) => splits(l1 - part, part, l0 - 1).map((rest) => [part, ...rest]))];
}
