/** From a form to its confidence interval. */

import { ratioRange } from './fieller.ts';
import { type Atom, type Form, type Linear, type Range, rangeIn } from './form.ts';
import type { HalfWidths } from './half-width.ts';
import type { Term } from './law.ts';

/**
 * Interval that covers the true value with probability ≥ 1 − α over the noise. Values computed from several atoms share
 * α among them (Bonferroni), or among their base noises where those are fewer.
 */
export function rangeOf(form: Form, alpha: number, widths: HalfWidths): Range {
  if (form.kind !== 'bounded') return atomRange(form, alpha, widths);
  const { atoms } = form;
  if (atoms.length <= 1) return rangeIn(form, (atom) => atomRange(atom, alpha, widths));
  const bases = basesOf(atoms);
  if (bases !== null && bases.size < atoms.length) {
    const share = alpha / bases.size;
    return rangeIn(form, (atom) => around(atom as Linear, sumOfWidths((atom as Linear).terms, share)));
  }
  return rangeIn(form, (atom) => atomRange(atom, alpha / atoms.length, widths));
}

function atomRange(atom: Atom, alpha: number, widths: HalfWidths): Range {
  return atom.kind === 'ratio' ? ratioRange(atom, alpha, widths) : around(atom, widths.of(atom.terms, alpha));
}

function sumOfWidths(terms: readonly Term[], alpha: number): number {
  return terms.reduce((sum, term) => sum + Math.abs(term.coefficient) * term.law.halfWidth(alpha), 0);
}

/** Bases of linear atoms; null where a ratio is among them. */
function basesOf(atoms: readonly Atom[]): ReadonlySet<number> | null {
  const bases = new Set<number>();
  for (const atom of atoms) {
    if (atom.kind === 'ratio') return null;
    for (const term of atom.terms) bases.add(term.base);
  }
  return bases;
}

/** Everything within `width` of a linear form's centre. */
export function around({ center }: Pick<Linear, 'center'>, width: number): Range {
  // Beyond 2^53 the centre itself may have been rounded.
  const slack = Math.abs(center) >= Number.MAX_SAFE_INTEGER ? Math.abs(center) * Number.EPSILON : 0;
  return [center - width - slack, center + width + slack];
}
