/** The last step: values as they are shown, each noisy one with its interval. */
import type { SqlType, Value } from '../ask/types.ts';
import type { Alike, Cells, Frame } from './answer/frame.ts';
import type { Form, Range } from './interval/form.ts';
import { type HalfWidths, makeHalfWidths } from './interval/half-width.ts';
import { around, rangeOf } from './interval/range.ts';

/** How intervals are made. */
export interface Presentation {
  /** Failure probability: of every interval, or of all together where `joint`. */
  readonly alpha: number;
  readonly joint: boolean;
  readonly clip: boolean;
}

/** A column ready to be shown; `bounds` null: exact. */
export interface Presented {
  readonly values: readonly Value[];
  readonly bounds: Bounds | null;
  /** Some value is missing because noise leaves it undetermined. */
  readonly undetermined: boolean;
}

/** Ends by row; null is open. */
export interface Bounds {
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/**
 * Values and intervals of every column. Every noisy column has intervals; where a value is no number both ends are open.
 * Joint intervals share α evenly over all noisy cells of the answer (Bonferroni).
 */
export function intervalsOf(frame: Frame, presentation: Presentation): readonly Presented[] {
  const noisy = frame.cells.filter((cells, index) => cells.noisy && isNumber(frame.columns[index]?.type)).length;
  const share = presentation.joint ? Math.max(1, noisy * frame.length) : 1;
  const alpha = presentation.alpha / share;
  const widths = makeHalfWidths();
  return frame.cells.map((cells, index) => {
    const type = frame.columns[index]?.type ?? 'null';
    if (cells.noisy) return withBounds(cells, type, frame.length, alpha, presentation.clip, widths);
    const values = Array.from({ length: frame.length }, (_, row) => cells.value(row));
    return { values, bounds: null, undetermined: false };
  });
}

function isNumber(type: SqlType | undefined): boolean {
  return type === 'integer' || type === 'double';
}

function withBounds(
  cells: Cells,
  type: SqlType,
  length: number,
  alpha: number,
  clip: boolean,
  widths: HalfWidths,
): Presented {
  if (cells.alike !== undefined && isNumber(type)) {
    return withEqualBounds(cells, cells.alike, type, length, widths.of(cells.alike.terms, alpha), clip);
  }
  const values = new Array<Value>(length);
  const low = new Array<number | null>(length);
  const high = new Array<number | null>(length);
  let undetermined = false;
  for (let row = 0; row < length; row++) {
    const value = cells.value(row);
    const form = cells.form(row);
    const clipped = clip && isCount(form);
    const [from, to] = cellRange(value, form, type, alpha, widths);
    values[row] = clipped ? clippedValue(value) : value;
    low[row] = end(clipped ? Math.max(0, from) : from);
    high[row] = end(clipped ? Math.max(0, to) : to);
    undetermined ||= value === null && form?.kind === 'bounded' && Number.isFinite(from) && Number.isFinite(to);
  }
  return { values, bounds: { low, high }, undetermined };
}

/** The same for rows that all have intervals of one width. */
function withEqualBounds(
  cells: Cells,
  alike: Alike,
  type: SqlType,
  length: number,
  width: number,
  clip: boolean,
): Presented {
  const clipped = clip && alike.nonNegative;
  const values = new Array<Value>(length);
  const low = new Array<number | null>(length);
  const high = new Array<number | null>(length);
  for (let row = 0; row < length; row++) {
    const value = cells.value(row);
    const range = around({ center: alike.center(row) }, width);
    const [from, to] = type === 'integer' ? wholeRange(range) : range;
    values[row] = clipped ? clippedValue(value) : value;
    low[row] = end(clipped ? Math.max(0, from) : from);
    high[row] = end(clipped ? Math.max(0, to) : to);
  }
  return { values, bounds: { low, high }, undetermined: false };
}

function cellRange(value: Value, form: Form | null, type: SqlType, alpha: number, widths: HalfWidths): Range {
  if (!isNumber(type)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (form === null) {
    return value === null ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [Number(value), Number(value)];
  }
  const range = rangeOf(form, alpha, widths);
  return type === 'integer' ? wholeRange(range) : range;
}

/** The true value of an integer column is an integer: ends move inwards to one. */
function wholeRange([low, high]: Range): Range {
  const slack = 1e-9;
  const from = Math.abs(low) < Number.MAX_SAFE_INTEGER ? Math.ceil(low - slack) : low;
  const to = Math.abs(high) < Number.MAX_SAFE_INTEGER ? Math.floor(high + slack) : high;
  return from <= to ? [from === 0 ? 0 : from, to === 0 ? 0 : to] : [low, high];
}

function isCount(form: Form | null): boolean {
  return form !== null && form.kind === 'linear' && form.nonNegative;
}

function clippedValue(value: Value): Value {
  if (typeof value === 'bigint') return value < 0n ? 0n : value;
  return typeof value === 'number' && value < 0 ? 0 : value;
}

function end(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
