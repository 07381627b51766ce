/** How a proof calls a noise: after the outputs it enters, what of them it is added to, and in which steps. */
import type { NoiseMechanism } from '../dp/mechanism/noise.ts';
import { decimal, type Rational, toNumber } from '../dp/rational.ts';
import type { Derivation } from './plan.ts';
import type { Drafted } from './question.ts';

/** A noise in words. */
export interface NoiseLabel {
  /** Names of the outputs. */
  readonly names: string;
  /** The same, each with what the noise is added to where that is not the output itself. */
  readonly words: string;
  /** What a step of the statistic is worth in data units; null where it is one, or differs from group to group. */
  readonly step: Rational | null;
}

/** The label of the noise that statistics share. */
export function noiseLabel(drafted: Drafted, statistics: readonly number[]): NoiseLabel {
  const wanted = drafted.wanted.filter(({ at }) => at.flat().some((statistic) => statistics.includes(statistic)));
  if (wanted.length === 0) {
    const names = 'persons per group (not shown)';
    return { names, words: names, step: null };
  }
  const step = stepOf(drafted, statistics);
  const own = wanted.some(({ derivation }) => derivation.kind === 'by-key' && !isCount(derivation, statistics));
  const steps = own ? ["in steps of its group's own"] : step === null ? [] : [`in steps of ${shortly(step)}`];
  const words = wanted.map(({ name, derivation }) => {
    const part = formulaOf(derivation).kind !== 'mean' ? [] : [isCount(derivation, statistics) ? 'count' : 'sum'];
    const said = [...part, ...steps].join(', ');
    return said === '' ? name : `${name} (${said})`;
  });
  return { names: distinct(wanted.map(({ name }) => name)), words: distinct(words), step };
}

/** The spread of a noise in data units, in parentheses; nothing where its steps are those units. */
export function inDataUnits(mechanism: NoiseMechanism, step: Rational | null): string {
  if (step === null) return '';
  const laplace = mechanism.kind === 'discrete-laplace';
  const spread = laplace ? toNumber(mechanism.scale) : Math.sqrt(toNumber(mechanism.variance));
  const worth = Number((spread * toNumber(step)).toPrecision(6));
  return ` (${laplace ? '' : 'standard deviation '}${worth} in the units of the data)`;
}

function stepOf(drafted: Drafted, statistics: readonly number[]): Rational | null {
  const [statistic] = statistics.map((index) => drafted.bounded.statistics[index]);
  if (statistics.length !== 1 || statistic?.kind !== 'sum') return null;
  const { step } = statistic.lattice;
  return step.numerator === step.denominator ? null : step;
}

function isCount(derivation: Derivation, statistics: readonly number[]): boolean {
  const formula = formulaOf(derivation);
  return formula.kind === 'mean' && !statistics.includes(formula.sum);
}

function formulaOf(derivation: Derivation): Exclude<Derivation, { kind: 'by-key' }> {
  return derivation.kind === 'by-key' ? (derivation.of[0] as (typeof derivation.of)[number]).formula : derivation;
}

/** Steps that are powers of two have long decimals. */
function shortly(step: Rational): string {
  const exact = decimal(step);
  return exact.length <= 8 ? exact : `about ${Number(toNumber(step).toPrecision(3))}`;
}

function distinct(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
