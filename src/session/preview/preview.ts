/** What a question would tell, before anything is spent: from the policy alone. */
import { type Question, textOf } from '../../ask/index.ts';
import type { Loss } from '../../charge/account.ts';
import { compare, decimal, parseDecimal, type Rational, toNumber } from '../../dp/rational.ts';
import { GauzeError, locate, SpannedError } from '../../errors.ts';
import type { Decimal, ExplainOptions } from '../../options.ts';
import type { Policy } from '../../policy/policy.ts';
import { meanNotes } from '../../release/mean-notes.ts';
import { leastShown, type ShownGroups, shownGroups } from '../../release/shown-groups.ts';
import type { Prepared, SessionParts } from '../parts.ts';
import { prepare } from '../prepare.ts';
import { leastEpsilon } from './least-epsilon.ts';
import { type SupposedFrom, sizesFrom } from './supposed-sizes.ts';
import { middleNotes, type PreviewedColumns, widestOf, widthsOf } from './widths.ts';

/** How a question is looked at. `epsilon` or `accuracy`, or both: then `epsilonFor` says what the accuracy would take. */
export interface PreviewOptions extends Omit<ExplainOptions, 'intervals'> {
  /** Further ε for the whole question, for `curve`. */
  readonly curve?: readonly Decimal[];
  /** Supposed persons or rows in every group, from public knowledge, a guess, or an answer already released. */
  readonly sizes?: readonly number[];
  /** Takes sizes from a released answer, too. */
  readonly from?: SupposedFrom;
  /** Groups that are wanted to be shown: of so many persons, with so much chance. */
  readonly show?: readonly { readonly units: number; readonly chance: number }[];
}

/** Groups with private keys: how likely they are shown. */
export interface PreviewedGroups {
  /** The private keys. */
  readonly keys: readonly string[];
  /** Groups of fewer persons are never shown. */
  readonly minimumUnits: number;
  /** Chance by number of persons. */
  readonly shown: readonly { readonly units: number; readonly chance: number }[];
  /** The smallest group shown with 50, 95 and 99 %; null where none below a million is. */
  readonly sizeFor: readonly { readonly chance: number; readonly units: number | null }[];
}

export interface Preview {
  /**
   * Expected half-width of every noisy output. Where it depends on counts it is an upper figure at the smallest supposed
   * size: an answer's interval is no wider with 95 %, wherever means lie between their bounds.
   */
  readonly columns: PreviewedColumns;
  readonly cost: Loss;
  /** The same at every supposed size, ascending. */
  readonly sizes: readonly { readonly size: number; readonly columns: PreviewedColumns }[];
  /** Empty where all keys are public: then every group is shown. */
  readonly groups: readonly PreviewedGroups[];
  /** The same by ε, ascending. */
  readonly curve: readonly (Loss & {
    readonly columns: PreviewedColumns;
    readonly groups: readonly PreviewedGroups[];
  })[];
  readonly epsilonFor: {
    /** The smallest cost at which every interval is as narrow as `halfWidth`; `ask`: the option that gets it. */
    readonly accuracy: (Loss & { readonly halfWidth: number; readonly ask: 'epsilon' | 'accuracy' }) | null;
    /** The smallest ε that shows such groups; null where none up to 10,000 does, as with groups that are too small. */
    readonly show: readonly { readonly units: number; readonly chance: number; readonly epsilon: number | null }[];
  };
  readonly notes: readonly string[];
}

/** Who would ask. */
export interface PreviewedBy {
  readonly as: string;
  readonly purpose?: string;
  readonly clock?: () => Date;
}

/**
 * Looks at a question before it is asked. Reads no data and no journal, registers and charges nothing: what it says follows
 * from the question, the policy and the options. Whether budgets admit the question `explain` says.
 *
 * @throws GauzeError QUERY_*, POLICY_*, BOUND_*, BUDGET_INVALID, USAGE, as the question itself would be refused
 */
export function previewQuestion(policy: Policy, by: PreviewedBy, question: Question, options: PreviewOptions): Preview {
  const parts = { policy, principal: by.as, purpose: by.purpose ?? null, clock: by.clock ?? ((): Date => new Date()) };
  try {
    return previewed(parts, question, options);
  } catch (error) {
    throw locate(error, textOf(question));
  }
}

/** A question that can be planned again and again. */
interface Replannable {
  readonly level: number;
  readonly sizes: readonly number[];
  plan(options: ExplainOptions): Prepared;
}

function previewed(
  parts: Pick<SessionParts, 'policy' | 'principal' | 'purpose' | 'clock'>,
  question: Question,
  { curve = [], sizes = [], from, show = [], epsilon, accuracy, ...shared }: PreviewOptions,
): Preview {
  const wanted = [...new Set([...sizes, ...(from === undefined ? [] : sizesFrom(from))])].sort((a, b) => a - b);
  checkWishes(wanted, show);
  const asked: Replannable = {
    level: shared.level ?? 0.95,
    sizes: wanted,
    plan: (options) => prepare(parts, question, { ...shared, ...options }),
  };
  const reached = accuracy === undefined ? null : forAccuracy(asked, accuracy);
  const own = epsilon ?? curve[0];
  const prepared = asked.plan(own === undefined ? (reached?.options ?? {}) : { epsilon: own });
  const { plan } = prepared;
  const { level } = asked;
  const unitsAsked = show.map(({ units }) => units).concat(wanted);
  const points = curve.map((at) => {
    const { plan: planned } = asked.plan({ epsilon: at });
    return {
      ...lossOf(planned.cost),
      columns: widthsOf(planned, level, wanted[0] ?? null),
      groups: groupsOf(shownGroups(planned), unitsAsked),
    };
  });
  const columns = widthsOf(plan, level, wanted[0] ?? null);
  return {
    columns,
    cost: lossOf(plan.cost),
    sizes: wanted.map((size) => ({ size, columns: widthsOf(plan, level, size) })),
    groups: groupsOf(shownGroups(plan), unitsAsked),
    curve: points.sort((a, b) => a.epsilon - b.epsilon),
    epsilonFor: {
      accuracy: reached === null ? null : { halfWidth: Number(accuracy), ...lossOf(reached.cost), ask: reached.ask },
      show: plan.dataset === null ? [] : show.map((one) => ({ ...one, epsilon: forShowing(asked, one) })),
    },
    notes: [...prepared.notes, ...meanNotes(plan, level), ...notesAt(wanted[0], plan, columns)],
  };
}

/** Notes on what is told at a supposed size; none where none is supposed. */
function notesAt(size: number | undefined, plan: Prepared['plan'], columns: PreviewedColumns): readonly string[] {
  return size === undefined ? [] : [...middleNotes(plan, columns, size), ...unsaid(columns)];
}

/** Why a width is not told although a size is supposed. */
function unsaid(columns: PreviewedColumns): readonly string[] {
  const names = Object.keys(columns).filter((name) => columns[name]?.halfWidth === null);
  if (names.length === 0) return [];
  return [
    `No width is told of ${names.join(', ')}: it stays open, no group of this size is shown, or the answer joins public ` +
      'tables or lists more than 2000 public groups. Preview it without the join or HAVING, or for fewer groups with WHERE.',
  ];
}

function checkWishes(sizes: readonly number[], show: NonNullable<PreviewOptions['show']>): void {
  const isWhole = (size: number): boolean => Number.isSafeInteger(size) && size >= 1 && size <= 1e12;
  if (!sizes.every(isWhole)) throw invalid('A supposed size', 'a whole number from 1, for example 1000');
  if (!show.every(({ units, chance }) => isWhole(units) && chance > 0 && chance < 1)) {
    throw invalid('A group to show', 'a number of persons and a chance between 0 and 1, for example 20 and 0.95');
  }
}

function invalid(what: string, wanted: string): GauzeError {
  return new GauzeError('BUDGET_INVALID', { message: `${what} is not usable.`, next: `Give it as ${wanted}.` });
}

function lossOf({ epsilon, delta }: Prepared['plan']['cost']): Loss {
  return { epsilon: toNumber(epsilon), delta: toNumber(delta) };
}

const CHANCES = [0.5, 0.95, 0.99] as const;
const TIMES = [1, 2, 5, 10] as const;

function groupsOf(shown: readonly ShownGroups[], asked: readonly number[]): readonly PreviewedGroups[] {
  return shown.map((groups) => {
    const { keys, minimumUnits, chance } = groups;
    const units = [...new Set([1, ...TIMES.map((times) => times * minimumUnits), ...asked])].sort((a, b) => a - b);
    return {
      keys,
      minimumUnits,
      shown: units.map((size) => ({ units: size, chance: chance(size) })),
      sizeFor: CHANCES.map((wanted) => ({ chance: wanted, units: leastShown(groups, wanted) })),
    };
  });
}

/** @throws GauzeError BOUND_NO_MECHANISM where nothing tells the width, BUDGET_INVALID where no ε is enough */
function forAccuracy(asked: Replannable, accuracy: Decimal): Priced {
  const found = epsilonForAccuracy(asked, accuracy);
  if (found !== null) return found;
  throw asked.sizes.length === 0 ? unknownWidth() : unreachable();
}

/** A cost, and the option that asks for it. */
export interface Priced {
  readonly cost: Prepared['plan']['cost'];
  readonly ask: 'epsilon' | 'accuracy';
  readonly options: Pick<ExplainOptions, 'epsilon' | 'accuracy'>;
}

/**
 * The smallest cost at which every noisy output is as narrow as `accuracy`; null where a width depends on private counts and
 * no size is supposed, or where no ε up to 10,000 is enough.
 */
export function epsilonForAccuracy(
  { level, sizes, plan }: Pick<Replannable, 'level' | 'sizes' | 'plan'>,
  accuracy: Decimal,
): Priced | null {
  const byAccuracy = plannedTo(plan, accuracy);
  const size = sizes[0] ?? null;
  if (byAccuracy === null && size === null) return null;
  const holds = (epsilon: Rational): boolean => {
    const width = widestOf(widthsOf(plan({ epsilon: decimal(epsilon) }).plan, level, size));
    return width !== null && width <= Number(accuracy);
  };
  const epsilon = leastEpsilon(holds, byAccuracy?.cost.epsilon);
  if (epsilon === null) return byAccuracy;
  const options = { epsilon: decimal(epsilon) };
  const { cost } = plan(options).plan;
  return byAccuracy !== null && compare(byAccuracy.cost.epsilon, cost.epsilon) <= 0
    ? byAccuracy
    : { cost, ask: 'epsilon', options };
}

/** The plan to an accuracy; null where a width depends on private counts. */
function plannedTo(plan: Replannable['plan'], accuracy: Decimal): Priced | null {
  try {
    return { cost: plan({ accuracy }).plan.cost, ask: 'accuracy', options: { accuracy } };
  } catch (error) {
    if (error instanceof SpannedError && error.code === 'BOUND_NO_MECHANISM') return null;
    throw error;
  }
}

function unknownWidth(): GauzeError {
  return new GauzeError('BOUND_NO_MECHANISM', {
    message: 'How wide these intervals are depends on how many rows the groups have, and that number is private.',
    next: 'Suppose a size (--size 1000, in code sizes: [1000]), or take it from a released answer (--from FILE).',
  });
}

function unreachable(): GauzeError {
  return new GauzeError('BUDGET_INVALID', {
    message: 'No epsilon up to 10,000 reaches this accuracy at the supposed size.',
    next: 'Suppose a larger size, or ask for a wider half-width.',
  });
}

/** The smallest ε at which all such groups are shown with that chance; null where none is. */
function forShowing(
  asked: Replannable,
  { units, chance }: { readonly units: number; readonly chance: number },
): number | null {
  const epsilon = leastEpsilon((tried) => {
    const groups = shownGroups(asked.plan({ epsilon: decimal(tried) }).plan);
    return groups.every((one) => one.chance(units) >= chance);
  });
  return epsilon === null ? null : toNumber(epsilon);
}

/** The decimal typed, as a fraction. */
export function exactly(value: Decimal): Rational {
  const read = parseDecimal(String(value));
  if (read === null) throw invalid('This number', 'a decimal, for example 0.5');
  return read;
}
