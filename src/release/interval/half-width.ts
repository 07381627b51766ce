/** How far Σ cⱼNⱼ can stray: valid half-widths of linear forms over independent noises. */
import { chernoffWidth } from './chernoff.ts';
import { latticeWidth, mixedWidth } from './inversion.ts';
import { continuousSpread, type Law, normalQuantile, type Term } from './law.ts';
import { pairWidth } from './pair.ts';

/** Half-widths of one answer; equal forms are worked out once. */
export interface HalfWidths {
  /** x with P[|Σ cⱼNⱼ| > x] ≤ α; bases in `terms` are distinct. */
  of(terms: readonly Term[], alpha: number): number;
}

/** Forms with unequal coefficients that are inverted numerically (milliseconds each); later ones take a closed bound. */
const INVERSIONS_MAX = 64;

/**
 * Which bound is taken depends on coefficients and laws alone, never on noisy values:
 * one term: its exact law; equal |c|: exact inversion on the lattice; Gaussians: the normal of summed σ² + ¼; two Laplaces
 * or more with unequal |c|: numerical inversion, and beyond `INVERSIONS_MAX` forms the closed tail of two, else the
 * smaller of Chernoff's and Bonferroni's.
 */
export function makeHalfWidths(): HalfWidths {
  const known = new Map<string, number>();
  let inversions = 0;
  const unequal = (terms: readonly Term[], alpha: number): number => {
    const key = `${alpha}|${terms.map((term) => `${Math.abs(term.coefficient)}*${term.law.kind}${term.law.spread}`).join('|')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (inversions >= INVERSIONS_MAX) return closed(terms, alpha);
    inversions += 1;
    const width = Math.min(mixedWidth(terms, alpha), closed(terms, alpha));
    known.set(key, width);
    return width;
  };
  const equal = (terms: readonly Term[], size: number, alpha: number): number => {
    const laws = new Map<Law, number>();
    for (const { law } of terms) laws.set(law, (laws.get(law) ?? 0) + 1);
    const key = `${alpha}=${[...laws].map(([law, count]) => `${count}*${law.kind}${law.spread}`).join('|')}`;
    let width = known.get(key);
    if (width === undefined) {
      width = latticeWidth(laws, alpha);
      known.set(key, width);
    }
    return width * size;
  };
  return {
    of(terms, alpha) {
      const [first] = terms;
      if (first === undefined) return 0;
      const size = Math.abs(first.coefficient);
      if (terms.length === 1) return size * first.law.halfWidth(alpha);
      if (terms.every((term) => Math.abs(Math.abs(term.coefficient) - size) <= size * 1e-12)) {
        return equal(terms, size * (1 + 1e-12), alpha);
      }
      return unequal(terms, alpha);
    },
  };
}

/** Closed bounds: no search over more than one parameter. */
export function closed(terms: readonly Term[], alpha: number): number {
  const half = terms.reduce((sum, term) => sum + Math.abs(term.coefficient), 0) / 2;
  const loose = Math.min(chernoffWidth(terms, alpha), bonferroni(terms, alpha));
  if (terms.every((term) => term.law.kind === 'discrete-gaussian')) {
    const variance = terms.reduce((sum, term) => sum + (term.coefficient * continuousSpread(term.law)) ** 2, 0);
    return Math.min(normalQuantile(alpha) * Math.sqrt(variance) + half, loose);
  }
  const [first, second] = terms;
  if (terms.length === 2 && first?.law.kind === 'discrete-laplace' && second?.law.kind === 'discrete-laplace') {
    const a = Math.abs(first.coefficient) * continuousSpread(first.law);
    const b = Math.abs(second.coefficient) * continuousSpread(second.law);
    return Math.min(pairWidth(a, b, alpha) + half, loose);
  }
  return loose;
}

function bonferroni(terms: readonly Term[], alpha: number): number {
  return terms.reduce((sum, term) => sum + Math.abs(term.coefficient) * term.law.halfWidth(alpha / terms.length), 0);
}
