/** Random cases: a policy, tables, questions, and units that leave. Everything follows from one seed. */
import { walkRelation } from '../../src/ask/fold.ts';
import type { AdmittedUnits, Relation } from '../../src/ask/ir.ts';
import type { BoundedQuestion } from '../../src/bound/bounded.ts';
import type { Plan, PrivacyParameters } from '../../src/bound/plan.ts';
import type { Ledger } from '../../src/charge/ledger.ts';
import { generateQuestion } from '../attack/grammar.ts';
import { Draw, seeded } from '../attack/random.ts';
import { withAdmission } from '../conformance/admission.ts';
import { planOf } from '../conformance/compare.ts';
import { composeQuestion } from '../conformance/compose.ts';
import { expressionQuestion } from '../conformance/expressions.ts';
import { hospital } from '../conformance/hospital.ts';
import { listedQuestion } from '../conformance/listed-rows.ts';
import { QUESTIONS } from '../conformance/questions.ts';
import { type Groups, PARAMETERS, richLedger, runPlan, shown, valueText } from '../conformance/statistics.ts';
import { byCodeQuestion } from './by-code.ts';
import { compareNeighbours } from './movement.ts';
import { inVariant, lacks, type Neighbours, openNeighbours } from './neighbours.ts';
import { singleRowsQuestion } from './single-rows.ts';

/** What was compared, and everything that moved too far. */
export interface Outcome {
  cases: number;
  readonly failures: string[];
  /** Kinds of statistics that moved as far as declared. */
  readonly reached: Set<string>;
  /** Cases where groups have ranges of their own. */
  ownRanges: number;
  /** Cases where a unit left that the question was not about: it consented to nothing, is in another part, or withdrew. */
  leftOut: number;
}

export interface CaseOptions {
  readonly engine: 'native' | 'wasm';
  /** Questions asked over the tables of one seed. */
  readonly questions: number;
  /** Changes what the engine is asked, the plan staying as it is: planted bugs. */
  readonly tamper?: (question: BoundedQuestion) => BoundedQuestion;
}

/** Units that leave and stay in all combinations: 8 databases, 12 neighbouring pairs. */
const GONE = 3;

export function emptyOutcome(): Outcome {
  return { cases: 0, failures: [], reached: new Set(), ownRanges: 0, leftOut: 0 };
}

/** All cases of one seed. */
export async function runSeed(seed: number, options: CaseOptions, outcome: Outcome): Promise<void> {
  const random = seeded(seed);
  const draw = new Draw(random);
  const drawn = hospital(random, { units: draw.int(3, 9), visits: draw.int(4, 36), policy: 'drawn' });
  // In every third hospital a question is about some units only.
  const admission = seed % 3 === 0 ? withAdmission(drawn, draw) : null;
  const parts = { ...drawn, ...admission };
  const gone = shuffled(draw, parts.units).slice(0, GONE);
  const neighbours = await openNeighbours(parts, gone, options.engine);
  const ledger = await richLedger();
  try {
    for (let asked = 0; asked < options.questions; asked++) {
      const question = drawQuestion(draw, random);
      const salt = BigInt(draw.int(0, 2 ** 31)) ** 2n;
      const meant = admission === null ? {} : draw.pick(admission.meant);
      const plan = planOf(question, neighbours.policy, drawParameters(draw), meant);
      if (plan === null || plan.dataset === null) continue;
      const place = `GAUZE_SEED=${seed} ${options.engine}, question ${asked}, salt ${salt}: ${typeof question === 'string' ? question : 'random expressions'} ${JSON.stringify(meant)}`;
      await compareAll(plan, neighbours, ledger, salt, place, options, outcome);
    }
  } finally {
    await neighbours.close();
  }
}

function drawQuestion(draw: Draw, random: () => number): string | Relation {
  return draw.weighted<string | Relation>([
    [4, () => generateQuestion(random)],
    [4, () => composeQuestion(draw)],
    [2, () => draw.pick(QUESTIONS)],
    [1, () => expressionQuestion(draw.int(0, 2 ** 30))],
    [1, () => byCodeQuestion(draw)],
    [1, () => listedQuestion(draw)],
    [2, () => singleRowsQuestion(draw)],
  ]);
}

function shuffled<T>(draw: Draw, from: readonly T[]): readonly T[] {
  return from
    .map((one) => ({ one, at: draw.int(0, 2 ** 31) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function drawParameters(draw: Draw): PrivacyParameters {
  const millionth = { numerator: 1n, denominator: 1_000_000n };
  const lower = (most: number): number | null => (draw.chance(0.2) ? draw.int(1, most) : null);
  return {
    ...PARAMETERS,
    delta: draw.chance(0.4) ? millionth : null,
    contribution: { groups: lower(1), rows: lower(1) },
  };
}

async function compareAll(
  plan: Plan,
  neighbours: Neighbours,
  ledger: Ledger,
  salt: bigint,
  place: string,
  { engine, tamper }: CaseOptions,
  outcome: Outcome,
): Promise<void> {
  const answers: Groups[] = [];
  const own = plan.questions.some(({ derived }) => derived.some(({ kind }) => kind === 'by-key'));
  const units = unitsOf(plan);
  const asked = plan.questions.map(({ bounded }) => ({ bounded: tamper === undefined ? bounded : tamper(bounded) }));
  for (let variant = 0; variant < neighbours.variants; variant++) {
    const questions = inVariant(asked, neighbours, variant);
    answers.push((await runPlan(plan, neighbours.engine, ledger, salt, questions)).groups);
  }
  for (let variant = 0; variant < neighbours.variants; variant++) {
    neighbours.gone.forEach((unit, index) => {
      if (lacks(variant, index)) return;
      outcome.cases += 1;
      if (own) outcome.ownRanges += 1;
      const other = variant | (1 << index);
      if (units !== null && !neighbours.counts(unit, units)) {
        outcome.leftOut += 1;
        if (text(answers[variant] as Groups) !== text(answers[other] as Groups))
          outcome.failures.push(
            `${place}\n  unit ${valueText(unit as never)}, which does not count, moves database ${variant}`,
          );
      }
      const { violations, reached } = compareNeighbours(plan, answers[variant] as Groups, answers[other] as Groups);
      for (const kind of reached) outcome.reached.add(kind);
      for (const violation of violations) {
        outcome.failures.push(
          `${place}\n  unit ${valueText(unit as never)} leaves database ${variant} (${engine}): ${violation}`,
        );
      }
    });
  }
}

/** The units that a plan is about; null: all. */
function unitsOf(plan: Plan): AdmittedUnits | null {
  let units: AdmittedUnits | null = null;
  for (const { bounded } of plan.questions) {
    walkRelation(bounded.source, (node) => {
      if (node.kind === 'table') units = node.units ?? units;
    });
  }
  return units;
}

function text(groups: Groups): string {
  return shown({ groups, domains: [] }).join('\n');
}
