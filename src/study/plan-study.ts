/** A study's plan: what each question gets of the budget, what the whole costs, and what to type. */
import { compare, decimal, divide, floor, type Rational, rational, subtract, sumOf, toNumber } from '../dp/rational.ts';
import { GauzeError } from '../errors.ts';
import type { ExplainOptions } from '../options.ts';
import type { Policy } from '../policy/policy.ts';
import { inQuestion } from '../session/in-question.ts';
import type { Prepared } from '../session/parts.ts';
import { prepare } from '../session/prepare.ts';
import { epsilonForAccuracy, exactly, type PreviewedBy, type Priced } from '../session/preview/preview.ts';
import { type PreviewedColumns, widthsOf } from '../session/preview/widths.ts';
import { type Shares, shareOut, type Wish } from './split.ts';
import type { Study, StudyQuestion } from './study.ts';

/** A question with its share. */
export interface PlannedShare {
  readonly name: string;
  readonly sql: string;
  /** The accuracy it was to have; null: it had a weight. */
  readonly wanted: number | null;
  readonly columns: PreviewedColumns;
  readonly prepared: Prepared;
  /** With which it is to be asked: of `query`, and of each question of a batch. */
  readonly options: ExplainOptions;
}

/** What became of a study's wishes. */
export interface StudyShares {
  /** By which all accuracies give way; 1 where the budget is enough. */
  readonly factor: number;
  readonly questions: readonly PlannedShare[];
  readonly total: Prepared['plan']['cost'];
  readonly left: Prepared['plan']['cost'];
}

/** A question that is being planned. */
interface Item {
  readonly question: StudyQuestion;
  readonly index: number;
  readonly level: number;
  readonly size: number | null;
  plan(options: ExplainOptions): Prepared;
}

const ZERO = rational(0n);

/**
 * Splits a study's budget by wanted accuracy. Reads no data and no journal.
 *
 * @throws GauzeError as its questions would be refused, with their name and number; BUDGET_INVALID where the budget cannot
 * hold them
 */
export function splitStudy(policy: Policy, by: PreviewedBy, study: Study): StudyShares {
  checkQuestions(study);
  const epsilon = exactly(study.budget.epsilon);
  const delta = exactly(study.budget.delta ?? 0);
  const items = withDelta(itemsOf(policy, by, study), delta);
  const priced = items.map(() => new Map<string, Priced>());
  const wishes = items.map((item, index): Wish => wishOf(item, priced[index] as Map<string, Priced>));
  const shared = shareOut(wishes, epsilon);
  if (shared === null) throw tooSmall();
  const questions = items.map((item, index) =>
    within(item, () =>
      planned(item, shared.shares[index] as Shares['shares'][number], priced[index] as Map<string, Priced>),
    ),
  );
  const costs = questions.map(({ prepared }) => prepared.plan.cost);
  const total = { epsilon: sumOf(costs.map((cost) => cost.epsilon)), delta: sumOf(costs.map((cost) => cost.delta)) };
  const left = { epsilon: subtract(epsilon, total.epsilon), delta: subtract(delta, total.delta) };
  return { factor: shared.factor, questions, total, left };
}

function checkQuestions({ questions }: Study): void {
  const names = new Set(questions.map(({ name }) => name));
  if (questions.length > 0 && names.size === questions.length) return;
  throw new GauzeError('USAGE', {
    message: questions.length === 0 ? 'The study has no question.' : 'Two questions of the study have one name.',
    next: "Write questions: [{ name: 'persons', sql: 'SELECT …', accuracy: 10 }, …].",
  });
}

function itemsOf(policy: Policy, by: PreviewedBy, { purpose, questions }: Study): readonly Item[] {
  const clock = by.clock ?? ((): Date => new Date());
  const parts = { policy, principal: by.as, purpose: purpose ?? by.purpose ?? null, clock };
  return questions.map((question, index) => {
    const { sql, level, params, delta, groups, rows, size } = question;
    const shared: ExplainOptions = {
      ...(level === undefined ? {} : { level }),
      ...(params === undefined ? {} : { params }),
      ...(delta === undefined ? {} : { delta }),
      contribution: { ...(groups === undefined ? {} : { groups }), ...(rows === undefined ? {} : { rows }) },
    };
    const plan = (options: ExplainOptions): Prepared => prepare(parts, sql, { ...shared, ...options });
    return { question, index, level: level ?? 0.95, size: size ?? null, plan };
  });
}

/**
 * Questions that need a δ keep the one they state or the policy's usual one; where these exceed the budget's, the unstated
 * ones share what is left evenly.
 */
function withDelta(items: readonly Item[], delta: Rational): readonly Item[] {
  const usual = items.map((item) => within(item, () => item.plan({ epsilon: 1 }).plan));
  const spent = sumOf(usual.map(({ cost }) => cost.delta));
  if (compare(spent, delta) <= 0) return items;
  const stated = sumOf(
    items.map(({ question }, at) => (question.delta === undefined ? ZERO : (usual[at]?.cost.delta ?? ZERO))),
  );
  const room = subtract(delta, stated);
  const open = items.map(
    ({ question }, at) => question.delta === undefined && compare(usual[at]?.cost.delta ?? ZERO, ZERO) > 0,
  );
  const each = divide(room, rational(BigInt(Math.max(1, open.filter(Boolean).length))));
  // Three digits, rounded down, so that it can be typed.
  const digits = 10n ** BigInt(Math.min(18, Math.max(0, 2 - Math.floor(Math.log10(Math.max(toNumber(each), 1e-18))))));
  const typed = rational(floor(rational(each.numerator * digits, each.denominator)), digits);
  if (compare(typed, ZERO) <= 0) throw tooLittleDelta(spent, delta);
  return items.map((item, at) =>
    open[at] === true
      ? {
          ...item,
          question: { ...item.question, delta: decimal(typed) },
          plan: (options) => item.plan({ delta: decimal(typed), ...options }),
        }
      : item,
  );
}

function wishOf(item: Item, priced: Map<string, Priced>): Wish {
  const { accuracy, weight } = item.question;
  if (accuracy === undefined) return { kind: 'weight', weight: exactly(weight ?? 1) };
  return {
    kind: 'accuracy',
    halfWidth: exactly(accuracy),
    cost: (halfWidth) => within(item, () => costAt(item, decimal(halfWidth), priced)),
  };
}

function costAt(item: Item, halfWidth: string, priced: Map<string, Priced>): Rational {
  const known = priced.get(halfWidth);
  if (known !== undefined) return known.cost.epsilon;
  const { level, size, plan } = item;
  const found = epsilonForAccuracy({ level, sizes: size === null ? [] : [size], plan }, halfWidth);
  if (found === null) throw unknownWidth(size);
  priced.set(halfWidth, found);
  return found.cost.epsilon;
}

function planned(item: Item, share: Shares['shares'][number], priced: ReadonlyMap<string, Priced>): PlannedShare {
  const { question, level, size, plan } = item;
  const at = share.kind === 'accuracy' ? priced.get(decimal(share.halfWidth))?.options : undefined;
  const { delta, params, groups, rows } = question;
  const asked: ExplainOptions = at ?? { epsilon: decimal(share.epsilon) };
  const prepared = plan(asked);
  return {
    name: question.name,
    sql: question.sql,
    wanted: question.accuracy === undefined ? null : Number(question.accuracy),
    columns: widthsOf(prepared.plan, level, size),
    prepared,
    options: {
      ...asked,
      ...(delta === undefined ? {} : { delta }),
      ...(question.level === undefined ? {} : { level }),
      ...(params === undefined ? {} : { params }),
      ...(groups === undefined && rows === undefined
        ? {}
        : { contribution: { ...(groups === undefined ? {} : { groups }), ...(rows === undefined ? {} : { rows }) } }),
    },
  };
}

/** @throws what `work` throws, with the question's name and number */
function within<T>({ question, index }: Item, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inQuestion(error, { name: question.name, index, text: question.sql });
  }
}

function unknownWidth(size: number | null): GauzeError {
  return size === null
    ? new GauzeError('BOUND_NO_MECHANISM', {
        message: 'How accurate it is depends on how many rows its groups have, and that number is private.',
        next: 'Suppose one (size: 1000), or give the question a weight instead of an accuracy.',
      })
    : new GauzeError('BUDGET_INVALID', {
        message: `No epsilon up to 10,000 gives this accuracy in groups of ${size}.`,
        next: 'Ask for a larger half-width, or suppose larger groups.',
      });
}

function tooSmall(): GauzeError {
  return new GauzeError('BUDGET_INVALID', {
    message: 'This budget is too small for any useful answer to these questions.',
    next: 'Give the study more epsilon, or ask fewer questions.',
  });
}

function tooLittleDelta(needed: Rational, delta: Rational): GauzeError {
  return new GauzeError('BUDGET_INVALID', {
    message: `The questions of the study need delta ${decimal(needed)}, and its budget has ${decimal(delta)}.`,
    next: 'Give the study more delta, or group by keys with public values alone.',
  });
}
