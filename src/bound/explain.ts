/** A plan in words: what it costs, why it is private, what is withheld. */
import { toNumber } from '../dp/rational.ts';
import type { Plan } from './plan.ts';
import type { Proof } from './proof.ts';

/** Lines of plain text, the outermost claim first, premises indented by two spaces a level. */
export function explainInWords(plan: Plan): readonly string[] {
  const cost =
    plan.dataset === null
      ? 'Costs nothing: only public tables are read.'
      : `Costs epsilon ${toNumber(plan.cost.epsilon)}, delta ${toNumber(plan.cost.delta)} of data set ${plan.dataset}.`;
  return [cost, ...proofLines(plan.proof, 0)];
}

function proofLines(proof: Proof, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const because = proof.theorem === '' ? proof.rule : `${proof.rule}, ${proof.theorem}`;
  return [
    `${indent}${proof.claim}`,
    `${indent}  by ${because}`,
    ...proof.premises.flatMap((premise) => proofLines(premise, depth + 1)),
  ];
}
