/** Sizes of groups from an answer that is released already: looking at it again costs nothing. */
import { GauzeError } from '../../errors.ts';

/** What is looked at of a released answer. */
export interface ReleasedAnswer {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly noisy?: boolean;
    readonly values?: readonly unknown[];
  }[];
  readonly intervals: Readonly<Record<string, unknown>>;
  /** Rows, where the columns have no values of their own: the form of `gauze query --format json`. */
  readonly rows?: readonly (readonly unknown[])[];
}

/** An answer, and the column of it that says how large the groups are. */
export interface SupposedFrom {
  /** A `Release`, or the object that `gauze query --format json` prints. */
  readonly answer: ReleasedAnswer;
  /** Name of a noisy column of whole numbers; the only one where there is one. */
  readonly column?: string;
}

/**
 * The smallest, the middle and the largest of the released counts, at least 1 each. Released values only are looked at: no
 * further loss by post-processing [DR14, Prop 2.1].
 *
 * @throws GauzeError USAGE where the answer has no such column
 */
export function sizesFrom({ answer, column }: SupposedFrom): readonly number[] {
  const counts = isAnswer(answer)
    ? answer.columns.filter(({ name, type }) => type === 'integer' && name in answer.intervals)
    : [];
  const found = column === undefined && counts.length === 1 ? counts[0] : counts.find(({ name }) => name === column);
  if (found === undefined) throw unusable(counts.map(({ name }) => name));
  const values = found.values ?? (answer.rows ?? []).map((row) => row[answer.columns.indexOf(found)]);
  const sizes = values
    .filter((value) => value !== null && value !== undefined)
    .map((value) => Math.max(1, Math.round(Number(value))))
    .filter((size) => Number.isSafeInteger(size))
    .sort((a, b) => a - b);
  if (sizes.length === 0) throw unusable([]);
  const chosen = [0, Math.floor((sizes.length - 1) / 2), sizes.length - 1].map((at) => sizes[at] as number);
  return [...new Set(chosen)];
}

function isAnswer(answer: unknown): answer is ReleasedAnswer {
  if (typeof answer !== 'object' || answer === null) return false;
  const { columns, intervals } = answer as Partial<ReleasedAnswer>;
  return Array.isArray(columns) && typeof intervals === 'object' && intervals !== null;
}

function unusable(counts: readonly string[]): GauzeError {
  return new GauzeError('USAGE', {
    message: 'The released answer does not say how large the groups are.',
    next:
      counts.length > 1
        ? `Name the column of counts: one of ${counts.join(', ')}.`
        : 'Give an answer (of gauze query --format json) with a noisy column of whole numbers, such as a COUNT.',
  });
}
