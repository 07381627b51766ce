/** A study's plan as it is shown. */
import type { ParameterValue } from '../ask/index.ts';
import type { Loss } from '../charge/account.ts';
import type { Ledger } from '../charge/ledger.ts';
import { type Rational, toNumber } from '../dp/rational.ts';
import type { ExplainOptions } from '../options.ts';
import type { Policy } from '../policy/policy.ts';
import { exactly, type PreviewedBy } from '../session/preview/preview.ts';
import type { PreviewedColumns } from '../session/preview/widths.ts';
import { type PlannedShare, splitStudy } from './plan-study.ts';
import { admissionOf, chargedOf, type StudyAdmission, type StudyPrices, studyPrices } from './prices.ts';
import type { Study } from './study.ts';

/** What a study gets for its budget. */
export interface StudyPlan {
  readonly budget: Loss;
  /** Whether every wanted accuracy fits. */
  readonly fits: boolean;
  /** By which all wanted half-widths give way together; 1 where they fit. */
  readonly factor: number;
  readonly questions: readonly (Loss & {
    readonly name: string;
    readonly sql: string;
    /** The half-width that was wanted; null: the question had a weight. */
    readonly wanted: number | null;
    readonly columns: PreviewedColumns;
    /** Options of `gauze query` that ask it so, as words of a command line. */
    readonly flags: readonly string[];
    /** The same for `query`, and for a question of `batch`. */
    readonly options: ExplainOptions;
    readonly notes: readonly string[];
  })[];
  readonly total: Loss;
  /** What the study leaves of its budget. */
  readonly left: Loss;
  readonly prices: StudyPrices;
  /** Whether budgets admit it now; null where no journal was looked at. */
  readonly today: StudyAdmission | null;
}

/**
 * Plans a study: the smallest ε for each wanted accuracy, what is left by weight; or, where the budget is too small, the
 * least by which all accuracies must give way. Reads no data and no journal, and charges nothing.
 *
 * @throws GauzeError as its questions would be refused, with their name and number; BUDGET_INVALID where the budget cannot
 * hold them, USAGE for questions about several data sets
 */
export async function planStudy(policy: Policy, by: PreviewedBy, study: Study): Promise<StudyPlan> {
  return planStudyOn(null, policy, by, study);
}

/**
 * As `planStudy`, and says whether today's budgets admit it.
 *
 * @param ledger - whose filters decide; null: nothing is said
 */
export async function planStudyOn(
  ledger: Ledger | null,
  policy: Policy,
  by: PreviewedBy,
  study: Study,
): Promise<StudyPlan> {
  const { factor, questions, total, left } = splitStudy(policy, by, study);
  const charged = chargedOf(
    questions.map(({ prepared }) => prepared),
    exactly(study.budget.delta ?? 0),
  );
  const time = (by.clock ?? ((): Date => new Date()))().toISOString();
  return {
    budget: { epsilon: Number(study.budget.epsilon), delta: Number(study.budget.delta ?? 0) },
    fits: factor === 1,
    factor,
    questions: questions.map(shown),
    total: lossOf(total),
    left: lossOf(left),
    prices: studyPrices(charged),
    today: ledger === null ? null : await admissionOf(ledger, charged, time),
  };
}

function lossOf({ epsilon, delta }: { readonly epsilon: Rational; readonly delta: Rational }): Loss {
  return { epsilon: toNumber(epsilon), delta: toNumber(delta) };
}

function shown({ name, sql, wanted, columns, prepared, options }: PlannedShare): StudyPlan['questions'][number] {
  const { plan, notes } = prepared;
  return { name, sql, ...lossOf(plan.cost), wanted, columns, flags: flagsOf(options), options, notes };
}

function flagsOf({ epsilon, accuracy, delta, level, params, contribution }: ExplainOptions): string[] {
  const flags: readonly (readonly [string, unknown])[] = [
    ['--epsilon', epsilon],
    ['--accuracy', accuracy],
    ['--delta', delta],
    ['--level', level],
    ['--groups', contribution?.groups],
    ['--rows', contribution?.rows],
  ];
  const values = Array.isArray(params)
    ? params.map((value: ParameterValue, index) => [String(index + 1), value] as const)
    : Object.entries((params ?? {}) as Readonly<Record<string, ParameterValue>>);
  return [
    ...flags.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    ...values.flatMap(([name, value]) => ['--param', `${name}=${typed(value)}`]),
  ];
}

/** A value as the command line reads it back: text that would be read as something else is quoted. */
function typed(value: ParameterValue): string {
  if (typeof value !== 'string') return String(value);
  return /^(-?\d|true$|false$|['"])/.test(value) ? `"${value}"` : value;
}
