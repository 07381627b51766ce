/** `gauze plan`: a study's budget, split over its questions. */
import { readFileSync } from 'node:fs';
import { GauzeError } from '../../errors.ts';
import { planStudyIn } from '../../index/study.node.ts';
import { parseStudy } from '../../study/read-study.ts';
import type { Study } from '../../study/study.ts';
import type { StudyPlan } from '../../study/study-plan.ts';
import { type Format, fail, print } from '../output.ts';
import { printList } from '../tabular.ts';
import { textTable } from '../text-table.ts';
import { proseWidth, wrapped } from '../wrap.ts';
import { noteLines, short } from './query.ts';

/** Options as commander hands them over. */
export interface PlanFlags {
  readonly policy: string;
  readonly as: string;
  readonly format: Format;
}

/** Plans the study in a file; exit code. */
export async function planFile(file: string, { policy, as, format }: PlanFlags): Promise<number> {
  try {
    const plan = await planStudyIn({ policy, as }, readStudy(file));
    if (format === 'json')
      print([JSON.stringify(plan, (_, value) => (typeof value === 'bigint' ? String(value) : value))]);
    else if (format === 'table') print(planLines(plan));
    else {
      printList(
        [
          { name: 'question', values: plan.questions.map(({ name }) => name) },
          { name: 'epsilon', values: plan.questions.map(({ epsilon }) => epsilon) },
          { name: 'delta', values: plan.questions.map(({ delta }) => delta) },
          { name: 'options', values: plan.questions.map(({ flags }) => flags.join(' ')) },
        ],
        format,
      );
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, format);
  }
}

function readStudy(file: string): Study {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new GauzeError('USAGE', {
      message: `The study ${file} cannot be read.`,
      next: 'Check the path; gauze plan --help shows what a study is.',
    });
  }
  return parseStudy(text, { file });
}

function planLines(plan: StudyPlan): string[] {
  const rows = plan.questions.flatMap(({ name, wanted, columns, epsilon, delta }) => {
    const outputs = Object.entries(columns);
    const shown = outputs.length === 0 ? [['', { halfWidth: null }] as const] : outputs;
    return shown.map(([output, { halfWidth }], index) => ({
      name: index === 0 ? name : '',
      output,
      wanted: index > 0 || wanted === null ? '' : `± ${short(wanted)}`,
      halfWidth: halfWidth === null ? 'depends on size' : `± ${short(halfWidth)}`,
      epsilon: index === 0 ? short(epsilon) : '',
      delta: index === 0 ? short(delta) : '',
    }));
  });
  const notes = [...new Set(plan.questions.flatMap((question) => question.notes))];
  return [
    ...textTable([
      { title: 'question', cells: rows.map(({ name }) => name), right: false, role: 'key' },
      { title: 'output', cells: rows.map(({ output }) => output), right: false, role: 'key' },
      { title: 'wanted', cells: rows.map(({ wanted }) => wanted), right: true },
      { title: 'half-width', cells: rows.map(({ halfWidth }) => halfWidth), right: true },
      { title: 'ε', cells: rows.map(({ epsilon }) => epsilon), right: true },
      { title: 'δ', cells: rows.map(({ delta }) => delta), right: true },
    ]),
    '',
    ...[...verdictLines(plan), ...priceLines(plan)].flatMap((line) => wrapped(line, proseWidth(), 2)),
    '',
    'Ask with:',
    ...plan.questions.map(({ name, flags }) => `  ${name}: ${flags.map(quoted).join(' ')}`),
    ...(notes.length === 0 ? [] : ['', ...noteLines(notes)]),
  ];
}

function verdictLines({ fits, factor, total, left, questions }: StudyPlan): string[] {
  const spent = `In all ε ${short(total.epsilon)}, δ ${short(total.delta)}`;
  if (!fits) {
    return [
      `The budget is too small for the wanted accuracies: each half-width is ${short(factor)} times the wanted one. ${spent}.`,
    ];
  }
  const isShared = questions.some(({ wanted }) => wanted === null);
  const rest = isShared
    ? 'questions with a weight share what the accuracies leave'
    : `ε ${short(left.epsilon)} of the budget is left; ask for more accuracy, or keep it`;
  return [`${spent}; ${rest}.`];
}

function priceLines({ prices: { oneAtATime, batch }, today }: StudyPlan): string[] {
  const saved = Math.round(batch.saved * 1000) / 10;
  const by =
    { basic: 'plain sums', zcdp: 'zCDP', renyi: 'Rényi', pld: 'privacy loss distributions' }[batch.by] ?? batch.by;
  return [
    `One question at a time the ledger counts ε ${short(oneAtATime.epsilon)}, δ ${short(oneAtATime.delta)}, ρ ${short(oneAtATime.rho)}.`,
    saved > 0
      ? `As one batch, fixed before the first answer, it is charged ε ${short(batch.epsilon)} at δ ${short(batch.delta)} (by ${by}): ${saved} % less.`
      : 'As one batch, fixed before the first answer, it costs the same.',
    ...(today === null ? [] : [admitted(today)]),
  ];
}

function admitted({ oneAtATime, batch }: NonNullable<StudyPlan['today']>): string {
  if (oneAtATime) return 'Today the budgets admit it, one question at a time or as a batch.';
  return batch ? 'Today the budgets admit it as a batch only.' : 'Today the budgets do not admit it.';
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w.=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
