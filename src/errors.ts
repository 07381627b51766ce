/** Where in the researcher's text something stands. Lines and columns count from 1, in Unicode code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Offsets into the question's text, in UTF-16 code units: `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every code gauze can raise. A code never changes its meaning; `docs/errors.md` lists them. */
export type ErrorCode =
  | 'QUERY_SYNTAX'
  | 'QUERY_UNSUPPORTED'
  | 'QUERY_UNKNOWN_NAME'
  | 'QUERY_AMBIGUOUS'
  | 'QUERY_TYPE'
  | 'QUERY_NOT_AGGREGATE'
  | 'QUERY_TOO_LARGE'
  | 'QUERY_PARAMETER'
  | 'POLICY_INVALID'
  | 'POLICY_PRINCIPAL'
  | 'POLICY_DATASET'
  | 'POLICY_COLUMN'
  | 'POLICY_PURPOSE'
  | 'POLICY_ROLE'
  | 'POLICY_SENSITIVE'
  | 'POLICY_TERMS'
  | 'POLICY_CHANGED'
  | 'POLICY_UNAPPROVED'
  | 'DATASET_FROZEN'
  | 'BOUND_MISSING'
  | 'BOUND_NO_PRIVACY_UNIT'
  | 'BOUND_UNSTABLE_JOIN'
  | 'BOUND_NO_MECHANISM'
  | 'BUDGET_EXHAUSTED'
  | 'BUDGET_INVALID'
  | 'LEDGER_UNAVAILABLE'
  | 'LEDGER_CONFLICT'
  | 'LEDGER_CORRUPT'
  | 'LEDGER_ROLLBACK'
  | 'LEDGER_KEY'
  | 'WARRANT_INVALID'
  | 'ENGINE_UNAVAILABLE'
  | 'ENGINE_TIMEOUT'
  | 'ENGINE_ABORTED'
  | 'ENGINE_FAILED'
  | 'CRYPTO_SIGNATURE'
  | 'CRYPTO_DECODE'
  | 'USAGE'
  | 'INTERNAL_INVARIANT';

/** Process exit code per error code; the one table that the CLI and later the gateway read. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  QUERY_SYNTAX: 3,
  QUERY_UNSUPPORTED: 3,
  QUERY_UNKNOWN_NAME: 3,
  QUERY_AMBIGUOUS: 3,
  QUERY_TYPE: 3,
  QUERY_NOT_AGGREGATE: 3,
  QUERY_TOO_LARGE: 3,
  QUERY_PARAMETER: 2,
  POLICY_INVALID: 2,
  POLICY_PRINCIPAL: 3,
  POLICY_DATASET: 3,
  POLICY_COLUMN: 3,
  POLICY_PURPOSE: 3,
  POLICY_ROLE: 3,
  POLICY_SENSITIVE: 3,
  POLICY_TERMS: 3,
  POLICY_CHANGED: 3,
  POLICY_UNAPPROVED: 3,
  DATASET_FROZEN: 3,
  BOUND_MISSING: 3,
  BOUND_NO_PRIVACY_UNIT: 3,
  BOUND_UNSTABLE_JOIN: 3,
  BOUND_NO_MECHANISM: 3,
  BUDGET_EXHAUSTED: 4,
  BUDGET_INVALID: 2,
  LEDGER_UNAVAILABLE: 6,
  LEDGER_CONFLICT: 6,
  LEDGER_CORRUPT: 5,
  LEDGER_ROLLBACK: 5,
  LEDGER_KEY: 5,
  WARRANT_INVALID: 1,
  ENGINE_UNAVAILABLE: 6,
  ENGINE_TIMEOUT: 6,
  ENGINE_ABORTED: 6,
  ENGINE_FAILED: 6,
  CRYPTO_SIGNATURE: 5,
  CRYPTO_DECODE: 5,
  USAGE: 2,
  INTERNAL_INVARIANT: 1,
};

/** What an error is made of. `message` and `next` hold only names of the policy, text of the question, and spend. */
export interface ErrorParts {
  readonly message: string;
  /** What to do or write instead. */
  readonly next: string;
  /** Position in the question or the policy file, where there is one. */
  readonly at?: Position | null;
  /** Machine-readable facts: policy names, policy numbers, spend; never a value of the data. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * The one error family. Carries a stable code, a position where there is one, and the next step.
 * It never carries data, nor a `cause` from an engine (engines quote cells in their messages).
 */
export class GauzeError extends Error {
  readonly code: ErrorCode;
  readonly next: string;
  readonly at: Position | null;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(parts.message);
    this.name = 'GauzeError';
    this.code = code;
    this.next = parts.next;
    this.at = parts.at ?? null;
    this.fields = parts.fields ?? {};
  }

  /** Exit code of the CLI for this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }

  /** The shape that `--format json` prints under `error`. */
  toJSON(): { code: ErrorCode; message: string; at: Position | null; next: string } {
    return { code: this.code, message: this.message, at: this.at, next: this.next };
  }
}

/**
 * Raised inside the walk while only offsets are known; `locate` turns it into a `GauzeError` with line and column.
 */
export class SpannedError extends Error {
  readonly code: ErrorCode;
  readonly span: Span | null;
  readonly parts: ErrorParts;

  constructor(code: ErrorCode, span: Span | null, parts: ErrorParts) {
    super(parts.message);
    this.name = 'SpannedError';
    this.code = code;
    this.span = span;
    this.parts = parts;
  }
}

/** Line, column and length of a span in a text, counted in Unicode code points from 1. */
export function positionOf(text: string, span: Span): Position {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < span.start && i < text.length; i++) {
    if (text.charCodeAt(i) === 10) {
      line += 1;
      lineStart = i + 1;
    }
  }
  const column = codePoints(text.slice(lineStart, span.start)) + 1;
  return { line, column, length: Math.max(1, codePoints(text.slice(span.start, span.end))) };
}

/** Gives a `SpannedError` its line and column in the text it came from; passes every other error through. */
export function locate(error: unknown, text: string): unknown {
  if (!(error instanceof SpannedError)) return error;
  const at = error.span === null ? null : positionOf(text, error.span);
  return new GauzeError(error.code, { ...error.parts, at });
}

/** Stops on a broken invariant. The statement names the invariant, never a value. */
export function invariant(holds: boolean, statement: string): asserts holds {
  if (!holds) {
    throw new GauzeError('INTERNAL_INVARIANT', {
      message: `Internal invariant broken: ${statement}.`,
      next: 'Report this with the question; it is a defect of gauze.',
    });
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
