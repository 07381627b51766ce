/** Means whose place between their bounds is not supposed: two statements that hold wherever it is. */
import type { Value } from '../ask/types.ts';
import type { Derivation, Formula, Plan } from '../bound/plan.ts';
import { multiply, rational, toNumber } from '../dp/rational.ts';
import type { Cells, Frame } from './answer/frame.ts';
import type { Range } from './interval/form.ts';

type Mean = Formula & { readonly kind: 'mean' };

/** Ranges of values by which the bounds of open means are wider: far beyond any interval worth telling. */
const BEYOND = 1n << 20n;

/**
 * The plan with means whose intervals are not cut at their bounds. The half-width of the set that intervals are inverted
 * from is convex in the ratio and grows away from the centre of the bounds (see `ratioRange`), so that at a bound, uncut,
 * an interval is at least as wide as any that is cut, at the same noisy count.
 */
export function withOpenMeans(plan: Plan): Plan {
  const opened = (formula: Formula): Formula => {
    if (formula.kind !== 'mean') return formula;
    const beyond = BEYOND * (formula.high - formula.low);
    return { ...formula, low: formula.low - beyond, high: formula.high + beyond };
  };
  const questions = plan.questions.map((question) => ({
    ...question,
    derived: question.derived.map(
      (derivation): Derivation =>
        derivation.kind === 'by-key'
          ? { ...derivation, of: derivation.of.map(({ value, formula }) => ({ value, formula: opened(formula) })) }
          : opened(derivation),
    ),
  }));
  return { ...plan, questions };
}

/** Released leaves in which nothing is known of means but their bounds, which no interval of an answer exceeds. */
export function withUnknownMeans(plan: Plan, released: readonly Frame[]): readonly Frame[] {
  return released.map((frame, index) => {
    const question = plan.questions[index];
    if (question === undefined) return frame;
    const first = question.bounded.keys.length;
    const cells = frame.cells.map((column, at): Cells => {
      const derivation = question.derived[at - first];
      if (derivation === undefined) return column;
      const key = derivation.kind === 'by-key' ? frame.cells[derivation.key] : undefined;
      const mean = (row: number): Mean | null => meanOf(derivation, key?.value(row) ?? null);
      return frame.length > 0 && mean(0) !== null ? unknown(column, mean) : column;
    });
    return { ...frame, cells };
  });
}

function meanOf(derivation: Derivation, key: Value): Mean | null {
  const formula = derivation.kind === 'by-key' ? derivation.of.find(({ value }) => value === key)?.formula : derivation;
  return formula?.kind === 'mean' ? formula : null;
}

function unknown(column: Cells, mean: (row: number) => Mean | null): Cells {
  const form: Cells['form'] = (row) => {
    const formula = mean(row);
    if (formula === null) return column.form(row);
    const [low, high] = [formula.low, formula.high].map((end) => toNumber(multiply(formula.step, rational(end))));
    const range: Range = [low as number, high as number];
    return { kind: 'bounded', atoms: [], range: () => range };
  };
  return { noisy: true, value: column.value, form };
}
