/** What a researcher may say beside the question, and its exact reading. */
import type { Parameters } from './ask/index.ts';
import type { PrivacyParameters } from './bound/plan.ts';
import { compare, divide, parseDecimal, type Rational, rational } from './dp/rational.ts';
import { GauzeError } from './errors.ts';
import type { BudgetLimit, Dataset } from './policy/policy.ts';

/** A decimal as typed: text keeps every digit, a number is read as JavaScript prints it. */
export type Decimal = number | string;

/** Steps of a question, in order; nothing else is ever reported. */
export type Stage = 'planned' | 'charged' | 'read' | 'released';

export interface ExplainOptions {
  /** What the answer is for: one of the policy's purposes, where it declares any; else that of the session. */
  readonly purpose?: string;
  /** Asks about the units with this value of the data set's disjoint column alone; other parts are not charged. */
  readonly part?: string;
  /** ε for the whole question, or per output name. */
  readonly epsilon?: Decimal | Readonly<Record<string, Decimal>>;
  readonly delta?: Decimal;
  /** Wanted half-width of every interval, in the answer's units, instead of ε. */
  readonly accuracy?: Decimal;
  /** Confidence level of intervals; 0.95 unless said otherwise. */
  readonly level?: number;
  /** `each` (default): every interval holds at `level`; `joint`: all of them together. */
  readonly intervals?: 'each' | 'joint';
  /** Values for `$name` or `?`. */
  readonly params?: Parameters;
  /** Groups and rows per person, lower than the policy's. */
  readonly contribution?: { readonly groups?: number; readonly rows?: number };
}

export interface QueryOptions extends ExplainOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds the read may take, else those of the session; the charge stays when they run out. `Infinity` for no end. */
  readonly timeout?: number;
  readonly onProgress?: (stage: Stage) => void;
  /** Clip negative counts at zero (biases sums of them upwards). Off unless asked. */
  readonly clip?: boolean;
}

/** Milliseconds a read may take where nobody says otherwise: ten minutes. */
export const TIMEOUT_MS = 600_000;

const HUNDRED = rational(100n);

/**
 * Exact parameters of a question.
 *
 * @throws GauzeError BUDGET_INVALID for anything that is no number in range
 */
export function parametersOf(
  options: ExplainOptions,
  dataset: Dataset | null,
  limit: BudgetLimit | null,
): PrivacyParameters {
  const level = options.level ?? 0.95;
  if (!(level > 0.5 && level < 1)) throw invalid('level', 'a number between 0.5 and 1, for example 0.95');
  if (options.intervals !== undefined && options.intervals !== 'each' && options.intervals !== 'joint') {
    throw invalid('intervals', "'each' or 'joint'");
  }
  const { epsilon } = options;
  const perAggregate = typeof epsilon === 'object' && epsilon !== null ? epsilon : null;
  return {
    epsilon: epsilon === undefined || perAggregate !== null ? null : positive('epsilon', epsilon as Decimal),
    epsilonByAggregate:
      perAggregate === null
        ? null
        : new Map(Object.entries(perAggregate).map(([name, value]) => [name, positive(`epsilon of ${name}`, value)])),
    delta: options.delta === undefined ? null : fraction('delta', options.delta),
    accuracy: options.accuracy === undefined ? null : positive('accuracy', options.accuracy),
    contribution: { groups: options.contribution?.groups ?? null, rows: options.contribution?.rows ?? null },
    level,
    defaultDelta: dataset?.defaultDelta ?? (limit === null ? rational(0n) : divide(limit.delta, HUNDRED)),
  };
}

/** Before anything is charged: options that can't be kept would cost an answer. @throws GauzeError BUDGET_INVALID */
export function checkRun({ timeout, signal, onProgress }: QueryOptions): void {
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') throw invalid('signal', 'an AbortSignal');
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalid('onProgress', 'a function');
  if (timeout !== undefined && !(timeout > 0)) throw invalid('timeout', 'a number of milliseconds above 0');
}

/** Tells the caller of a stage. What a callback throws is dropped: it must not cost an answer that is paid for. */
export function report({ onProgress }: QueryOptions, stage: Stage): void {
  try {
    onProgress?.(stage);
  } catch {
    // The caller's own error, and none of the question's.
  }
}

function positive(name: string, value: Decimal): Rational {
  const read = exact(name, value);
  if (read.numerator <= 0n || compare(read, rational(10n ** 15n)) > 0 || read.denominator > 10n ** 12n) {
    throw invalid(name, 'a positive number with at most 12 decimals, for example 0.5');
  }
  return read;
}

function fraction(name: string, value: Decimal): Rational {
  const read = exact(name, value);
  if (read.numerator < 0n || compare(read, rational(1n)) >= 0 || read.denominator > 10n ** 18n) {
    throw invalid(name, 'a number from 0 to below 1, for example 1e-6');
  }
  return read;
}

function exact(name: string, value: Decimal): Rational {
  const text = typeof value === 'number' ? String(value) : value;
  const read = typeof text === 'string' ? parseDecimal(text) : null;
  if (read === null) throw invalid(name, 'a number');
  return read;
}

function invalid(name: string, wanted: string): GauzeError {
  return new GauzeError('BUDGET_INVALID', { message: `${name} is not usable.`, next: `Give ${name} as ${wanted}.` });
}
