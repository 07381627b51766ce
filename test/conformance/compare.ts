/** One question over one world, by every engine and by the interpreter. */
import { type AskOptions, ask, type Relation } from '../../src/ask/index.ts';
import type { Plan, PrivacyParameters } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import type { Ledger } from '../../src/charge/ledger.ts';
import { GauzeError, SpannedError } from '../../src/errors.ts';
import type { Policy } from '../../src/policy/index.ts';
import { interpret } from './interpreter/relation.ts';
import { interpretPlan, PARAMETERS, runPlan, shown, valueText } from './statistics.ts';
import type { World } from './world.ts';

/** The plan of a question, in SQL or as a tree; null where it is refused. */
export function planOf(
  question: string | Relation,
  policy: Policy,
  parameters: PrivacyParameters = PARAMETERS,
  meant: Pick<AskOptions, 'purpose' | 'part'> = {},
): Plan | null {
  try {
    const [relation, text] = typeof question === 'string' ? [ask(question, policy, meant), question] : [question, ''];
    return makePlan(relation, policy, parameters, text).plan;
  } catch (error) {
    if (error instanceof GauzeError || error instanceof SpannedError) return null;
    throw error;
  }
}

/** Statistics (or public rows) as text: the interpreter's, then each engine's by name. */
export async function answers(
  plan: Plan,
  world: World,
  ledger: Ledger,
  salt: bigint,
): Promise<{ readonly expected: readonly string[]; readonly found: ReadonlyMap<string, readonly string[]> }> {
  const found = new Map<string, readonly string[]>();
  if (plan.dataset === null) {
    for (const engine of world.engines) {
      const { values } = await engine.readPublic(plan.answer, {});
      const rows = (values[0] ?? []).map((_, row) =>
        values.map((column) => valueText(column[row] ?? null)).join(' | '),
      );
      found.set(engine.name, rows.sort());
    }
    const expected = interpret(plan.answer, world.database).map((row) => row.map(valueText).join(' | '));
    return { expected: expected.sort(), found };
  }
  const questions = plan.questions.map(({ bounded }) => bounded);
  for (const engine of world.engines) found.set(engine.name, shown(await runPlan(plan, engine, ledger, salt)));
  return { expected: shown(interpretPlan(questions, world.database, salt)), found };
}
