/**
 * Half-widths of sums of independent noises by numerical inversion of their characteristic function. What the quadrature
 * leaves out is bounded and added on the safe side.
 */
import { chernoffWidth } from './chernoff.ts';
import { characteristic, type Law, type Term } from './law.ts';

/** Share of α given to what the inversion leaves out. */
const LEFT_OUT = 1e-4;
const NODES_MAX = 1 << 19;
/** Below this α double rounding would matter. */
const ALPHA_LEAST = 1e-9;

/**
 * Smallest m, up to that share of α, with P[|Σ ±Nⱼ| > m] ≤ α: the sum lives on the integers, and its distribution is the
 * Fourier series of Π φⱼ. The period exceeds twice a Chernoff bound, so what wraps around is below LEFT_OUT·α.
 *
 * @param laws - laws with how often each occurs
 */
export function latticeWidth(laws: ReadonlyMap<Law, number>, alpha: number): number {
  const terms = [...laws].flatMap(([law, count]) =>
    Array.from({ length: count }, (_, base): Term => ({ base, law, coefficient: 1 })),
  );
  const loose = Math.floor(chernoffWidth(terms, alpha));
  if (alpha < ALPHA_LEAST) return loose;
  const reach = Math.ceil(chernoffWidth(terms, alpha * LEFT_OUT)) + 1;
  const period = 2 * reach + 1;
  const nodes: number[] = [];
  for (let j = 1; j <= reach; j++) {
    const u = (2 * Math.PI * j) / period;
    let phi = 1;
    for (const [law, count] of laws) phi *= characteristic(law, u) ** count;
    // φ decreases on (0, π), so all later nodes together move the sum by at most φ·(1 + ln(reach/j)).
    if (phi * (1 + Math.log(reach / j)) < LEFT_OUT * alpha) break;
    if (nodes.length === NODES_MAX) return loose;
    nodes.push(phi / Math.sin(u / 2));
  }
  const covered = (m: number): number => {
    let sum = 0;
    for (let j = nodes.length; j >= 1; j--)
      sum += (nodes[j - 1] as number) * Math.sin(((2 * m + 1) * Math.PI * j) / period);
    return (2 * m + 1 + 2 * sum) / period;
  };
  const wanted = 1 - alpha * (1 - 3 * LEFT_OUT) + 1e-13;
  if (covered(0) >= wanted) return 0;
  let low = 0;
  let high = loose;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (covered(middle) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** Part of the width that the smoothing below may add. */
const SMOOTHING = 1 / 256;

/**
 * x with P[|Σ cⱼNⱼ| > x] ≤ α for any coefficients. A smooth V on [−w, w] is added (|X| ≤ |X+V| + w), which makes the
 * integrand vanish beyond 8/w·(1/(LEFT_OUT·α))^⅛ whatever revivals the lattices have; w is a 256th of a valid width.
 */
export function mixedWidth(terms: readonly Term[], alpha: number): number {
  const loose = chernoffWidth(terms, alpha);
  if (alpha < ALPHA_LEAST) return loose;
  const smooth = loose * SMOOTHING;
  const period = 2 * (chernoffWidth(terms, alpha * LEFT_OUT) + smooth);
  const step = (2 * Math.PI) / period;
  const last = Math.ceil(((8 / smooth) * (1 / (LEFT_OUT * alpha)) ** 0.125) / step);
  if (last > NODES_MAX) return loose;
  const nodes = new Float64Array(last);
  for (let j = 1; j <= last; j++) {
    const u = j * step;
    const y = (smooth * u) / 8;
    let phi = (Math.sin(y) / y) ** 8;
    for (let i = 0; i < terms.length && Math.abs(phi) > 1e-18; i++) {
      const term = terms[i] as Term;
      phi *= characteristic(term.law, term.coefficient * u);
    }
    nodes[j - 1] = phi / j;
  }
  const covered = (x: number): number => {
    let sum = 0;
    for (let j = last; j >= 1; j--) sum += (nodes[j - 1] as number) * Math.sin(j * step * x);
    return (2 * x) / period + (2 / Math.PI) * sum;
  };
  const wanted = 1 - alpha * (1 - 3 * LEFT_OUT) + 1e-13;
  let low = 0;
  let high = loose;
  for (let i = 0; i < 14; i++) {
    const middle = (low + high) / 2;
    if (covered(middle) >= wanted) high = middle;
    else low = middle;
  }
  return Math.min(high + smooth, loose);
}
