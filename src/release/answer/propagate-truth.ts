/** Which truth values a condition over noisy operands can have, given ranges of the operands. */
import { evaluate } from '../../ask/evaluate.ts';
import type { Call, Expr } from '../../ask/ir.ts';
import { constant, type Form, known, type Range } from '../interval/form.ts';
import type { Cursor } from './cursor.ts';

/** [0,0] false for sure, [1,1] true for sure, [0,1] either; NULL counts as not true. */
export interface Truth {
  readonly operands: readonly Form[];
  range(ranges: readonly Range[]): Range;
}

const EITHER: Range = [0, 1];
const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);

/** @param formOf - form of a numeric operand; null where it is exact */
export function truthRange(expr: Expr, cursor: Cursor, formOf: (expr: Expr) => Form | null): Truth {
  const either: Truth = { operands: [], range: () => EITHER };
  if (expr.kind !== 'call') return either;
  if (COMPARISONS.has(expr.fn)) return comparison(expr, cursor, formOf) ?? either;
  if (expr.fn !== 'and' && expr.fn !== 'or') return either;
  const operands = expr.args.map((arg) => {
    const form = formOf(arg);
    return form ?? constant(evaluate(arg, cursor.value) === true ? 1 : 0);
  });
  const side = expr.fn === 'and' ? Math.min : Math.max;
  return {
    operands,
    range: (ranges) => [side(...ranges.map((range) => range[0])), side(...ranges.map((range) => range[1]))],
  };
}

function comparison(call: Call, cursor: Cursor, formOf: (expr: Expr) => Form | null): Truth | null {
  const operands = call.args.map((arg) => formOf(arg) ?? known(evaluate(arg, cursor.value)));
  const [a = null, b = null] = operands;
  if (a === null || b === null) return null;
  return { operands: [a, b], range: ([x, y]) => compared(call.fn, x as Range, y as Range) };
}

function compared(fn: Call['fn'], [a, b]: Range, [c, d]: Range): Range {
  switch (fn) {
    case 'lt':
      return sure(b < c, a >= d);
    case 'le':
      return sure(b <= c, a > d);
    case 'gt':
      return sure(a > d, b <= c);
    case 'ge':
      return sure(a >= d, b < c);
    case 'eq':
      return sure(a === b && c === d && a === c, b < c || a > d);
    case 'ne':
      return sure(b < c || a > d, a === b && c === d && a === c);
    default:
      return EITHER;
  }
}

function sure(yes: boolean, no: boolean): Range {
  return yes ? [1, 1] : no ? [0, 0] : EITHER;
}
