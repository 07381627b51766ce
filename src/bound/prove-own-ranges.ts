/** Why groups may have noise in proportion to their own ranges. */
import { decimal, toNumber } from '../dp/rational.ts';
import { literalText } from './literal-text.ts';
import type { Formula, Measurement } from './plan.ts';
import type { Proof } from './proof.ts';
import type { Drafted } from './question.ts';

/** Groups told in the claim; the facts tell all. */
const TOLD = 4;

/** The step from whole steps of own ranges to data units; none where all groups have one range. */
export function proveOwnRanges(drafted: Drafted, statistic: number, { mechanism }: Measurement): readonly Proof[] {
  const derivation = drafted.wanted
    .map((wanted) => wanted.derivation)
    .find((one) => one.kind === 'by-key' && one.of.some(({ formula }) => sums(formula).includes(statistic)));
  if (derivation?.kind !== 'by-key') return [];
  const key = drafted.boundary.keys[derivation.key]?.column.name ?? '';
  const type = drafted.boundary.keys[derivation.key]?.expr.type ?? 'null';
  const gaussian = mechanism.kind === 'discrete-gaussian';
  const spread = gaussian ? Math.sqrt(toNumber(mechanism.variance)) : toNumber(mechanism.scale);
  const groups = derivation.of.map(({ value, formula }) => ({
    name: literalText({ type, value }),
    step: decimal(formula.step),
    noise: String(Number((spread * toNumber(formula.step)).toPrecision(6))),
  }));
  const told = groups.slice(0, TOLD).map(({ name, noise }) => `${noise} where ${key} is ${name}`);
  const more = groups.length > TOLD ? `, and so on for ${groups.length - TOLD} more` : '';
  return [
    {
      claim: `Values count in steps of their own group's range, as many to every range, so the noise of a sum is in proportion to it: ${gaussian ? 'standard deviation' : 'scale'} ${told.join(', ')}${more}.`,
      rule: gaussian
        ? 'weighted ℓ₂ sensitivity: Σ (Δ/B)² over the groups, B the bound of the own group, which is public'
        : 'weighted ℓ₁ sensitivity: Σ |Δ|/B over the groups, B the bound of the own group, which is public',
      theorem: gaussian ? '[DR14] Def 3.8, Prop 2.1' : '[DR14] Def 3.1, Prop 2.1',
      facts: Object.fromEntries(
        groups.flatMap(({ name, step, noise }) => [
          [`step ${key} = ${name}`, step],
          [`noise ${key} = ${name}`, noise],
        ]),
      ),
      premises: [],
    },
  ];
}

/** Statistics whose steps a formula turns into data units. */
function sums(formula: Formula): readonly number[] {
  return formula.kind === 'mean' ? [formula.sum] : formula.statistics;
}
