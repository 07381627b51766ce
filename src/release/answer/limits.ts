import type { Span } from '../../errors.ts';
import { SpannedError } from '../../errors.ts';

/** Rows that post-processing may hold in one relation. */
const ROWS_MAX = 1_000_000;
/** Pairs of rows, and rows of window frames, that post-processing may look at in one question. */
const STEPS_MAX = 50_000_000;

/** Work done after the answer, bounded for the whole question. */
export interface Work {
  /** @throws SpannedError QUERY_TOO_LARGE beyond 50,000,000 steps */
  steps(count: number, span: Span): void;
}

export function makeWork(): Work {
  let done = 0;
  return {
    steps(count, span) {
      done += count;
      if (done > STEPS_MAX) throw tooLarge(span, 'This work on the released answer is too large.');
    },
  };
}

/** @throws SpannedError QUERY_TOO_LARGE beyond 1,000,000 rows */
export function checkRows(rows: number, span: Span): void {
  if (rows > ROWS_MAX) throw tooLarge(span, `This step on the released answer gives more than ${ROWS_MAX} rows.`);
}

function tooLarge(span: Span, message: string): SpannedError {
  return new SpannedError('QUERY_TOO_LARGE', span, {
    message,
    next: 'Join on more columns, or filter the released answer before joining it. Asking again without this step is free.',
  });
}
