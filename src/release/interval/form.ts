/**
 * What is known of the true value behind a released one. Nothing here sees exact data: forms are made of released values
 * and of the public laws of the noises.
 */
import type { Value } from '../../ask/types.ts';
import type { Term } from './law.ts';

/** A closed interval; infinite ends are open. */
export type Range = readonly [number, number];

export type Form = Linear | Ratio | Bounded;

/** True value = centre − Σ cⱼNⱼ, exactly; the noises are independent. */
export interface Linear {
  readonly kind: 'linear';
  readonly center: number;
  /** Distinct bases, ascending. */
  readonly terms: readonly Term[];
  /** The true value cannot be negative: a count, a sum of counts. */
  readonly nonNegative: boolean;
}

/** True value = numerator / denominator. */
export interface Ratio {
  readonly kind: 'ratio';
  readonly numerator: Linear;
  readonly denominator: Linear;
}

/** What a joint confidence statement is made about. */
export type Atom = Linear | Ratio;

/** True value inside `range` whenever every atom lies in the range it is given. */
export interface Bounded {
  readonly kind: 'bounded';
  /** Distinct by `keyOf`. */
  readonly atoms: readonly Atom[];
  range(of: (atom: Atom) => Range): Range;
}

export const EVERYTHING: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Nothing is known of the true value. */
export const OPEN: Bounded = { kind: 'bounded', atoms: [], range: () => EVERYTHING };

/** A known value as a form, for mixing with noisy ones. */
export function constant(value: number): Linear {
  return { kind: 'linear', center: value, terms: [], nonNegative: value >= 0 };
}

/** A number of an answer as a form; null where it is none: NULL, text, infinite. */
export function known(value: Value): Linear | null {
  if (typeof value === 'bigint') return constant(Number(value));
  return typeof value === 'number' && Number.isFinite(value) ? constant(value) : null;
}

/** a + factor·b. */
export function combine(a: Linear, b: Linear, factor: number): Linear {
  return {
    kind: 'linear',
    center: a.center + factor * b.center,
    terms: merge(a.terms, b.terms, factor),
    nonNegative: a.nonNegative && b.nonNegative && factor >= 0,
  };
}

/** factor·a. */
export function scale(a: Linear, factor: number): Linear {
  return {
    kind: 'linear',
    center: a.center * factor,
    terms:
      factor === 0
        ? []
        : a.terms.map((term) => ({ base: term.base, law: term.law, coefficient: term.coefficient * factor })),
    nonNegative: a.nonNegative && factor >= 0,
  };
}

/** Σ forms, in one pass. */
export function total(forms: readonly Linear[]): Linear {
  const byBase = new Map<number, { base: number; law: Term['law']; coefficient: number }>();
  let center = 0;
  let nonNegative = true;
  for (const form of forms) {
    center += form.center;
    nonNegative &&= form.nonNegative;
    for (const { base, law, coefficient } of form.terms) {
      const found = byBase.get(base);
      if (found === undefined) byBase.set(base, { base, law, coefficient });
      else found.coefficient += coefficient;
    }
  }
  const terms = [...byBase.values()].filter((term) => term.coefficient !== 0).sort((a, b) => a.base - b.base);
  return { kind: 'linear', center, terms, nonNegative };
}

function merge(a: readonly Term[], b: readonly Term[], factor: number): readonly Term[] {
  const merged: Term[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const left = a[i];
    const right = b[j];
    if (right === undefined || (left !== undefined && left.base < right.base)) {
      merged.push(left as Term);
      i += 1;
    } else if (left === undefined || right.base < left.base) {
      merged.push({ base: right.base, law: right.law, coefficient: factor * right.coefficient });
      j += 1;
    } else {
      const coefficient = left.coefficient + factor * right.coefficient;
      // What cancels in decimals may leave a rounding error of the doubles behind.
      if (Math.abs(coefficient) > 1e-14 * Math.abs(left.coefficient)) merged.push({ ...left, coefficient });
      i += 1;
      j += 1;
    }
  }
  return merged;
}

/** Same key, same event: multiples of one noise share it, whatever is added to them. */
export function keyOf(atom: Atom): string {
  if (atom.kind === 'ratio') return `${exactKey(atom.numerator)}/${exactKey(atom.denominator)}`;
  const first = atom.terms[0];
  if (first === undefined) return '';
  if (atom.terms.length === 1) return `${first.base}`;
  return atom.terms.map((term) => `${term.base}*${term.coefficient / first.coefficient}`).join('+');
}

function exactKey(form: Linear): string {
  return `${form.center};${form.terms.map((term) => `${term.base}*${term.coefficient}`).join('+')}`;
}

/** A form's atoms. */
function atomsOf(form: Form): readonly Atom[] {
  if (form.kind === 'bounded') return form.atoms;
  return form.kind === 'linear' && form.terms.length === 0 ? [] : [form];
}

/** The range of a form, given ranges of its atoms. */
export function rangeIn(form: Form, of: (atom: Atom) => Range): Range {
  if (form.kind === 'bounded') return form.range(of);
  return form.kind === 'linear' && form.terms.length === 0 ? [form.center, form.center] : of(form);
}

/** A value computed from others by interval arithmetic. */
export function bounded(operands: readonly Form[], range: (ranges: readonly Range[]) => Range): Bounded {
  let atoms = operands.length === 1 ? atomsOf(operands[0] as Form) : [];
  if (operands.length > 1) {
    const distinct = new Map<string, Atom>();
    for (const operand of operands) for (const atom of atomsOf(operand)) distinct.set(keyOf(atom), atom);
    atoms = [...distinct.values()];
  }
  return { kind: 'bounded', atoms, range: (of) => range(operands.map((operand) => rangeIn(operand, of))) };
}
