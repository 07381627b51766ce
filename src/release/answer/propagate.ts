/** What scalar expressions know of the true value when some operands are noisy. */
import { roundTo } from '../../ask/evaluate/arithmetic.ts';
import { evaluate } from '../../ask/evaluate.ts';
import { columnsRead } from '../../ask/fold.ts';
import type { Call, Case, Expr } from '../../ask/ir.ts';
import {
  absRange,
  addRanges,
  divideRanges,
  hull,
  mapRange,
  multiplyRanges,
  negateRange,
} from '../interval/arithmetic.ts';
import {
  bounded,
  combine,
  constant,
  EVERYTHING,
  type Form,
  known,
  type Linear,
  OPEN,
  type Range,
  scale,
} from '../interval/form.ts';
import type { Cursor } from './cursor.ts';
import { truthRange } from './propagate-truth.ts';

/** Whether any column that an expression reads is noisy. */
export function readsNoise(expr: Expr, cursor: Cursor): boolean {
  for (const id of columnsRead(expr)) if (cursor.noisy(id)) return true;
  return false;
}

/**
 * The form of an expression in the cursor's row; null where it is exact there. Linear operations stay linear, a quotient
 * of linear forms becomes a ratio, everything monotone maps interval ends, and what is not understood is open.
 */
export function formOf(expr: Expr, cursor: Cursor): Form | null {
  switch (expr.kind) {
    case 'column':
      return cursor.form(expr.id);
    case 'literal':
      return null;
    case 'case':
      return readsNoise(expr, cursor) ? caseForm(expr, cursor) : null;
    case 'cast':
      return castForm(expr.arg, expr.type, cursor);
    case 'call':
      return callForm(expr, cursor);
    default:
      return readsNoise(expr, cursor) ? OPEN : null;
  }
}

function castForm(arg: Expr, to: Expr['type'], cursor: Cursor): Form | null {
  const form = formOf(arg, cursor);
  if (form === null || arg.type === to) return form;
  if (arg.type === 'integer' && to === 'double') return form;
  if (arg.type === 'double' && to === 'integer') return rising(form, (x) => Number(roundTo(x, 0)));
  return OPEN;
}

function callForm(call: Call, cursor: Cursor): Form | null {
  const forms = call.args.map((arg) => formOf(arg, cursor));
  if (forms.every((form) => form === null)) return null;
  const operand = (index: number): Form | null =>
    forms[index] ?? known(evaluate(call.args[index] as Expr, cursor.value));
  switch (call.fn) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
      return arithmeticForm(call.fn, operand(0), operand(1));
    case 'negate':
      return unary(forms[0], (form) => scale(form, -1), negateRange);
    case 'greatest':
    case 'least':
    case 'coalesce':
      return choiceForm(
        call,
        call.args.map((_, index) => operand(index)),
        cursor,
      );
    case 'nullif':
      // What is compared away is NULL in the answer; of every other row the first argument is shown.
      return evaluate(call, cursor.value) === null ? OPEN : (forms[0] ?? null);
    case 'int-divide':
      return call.type === 'integer' || call.type === 'double' ? truncatedQuotient(operand(0), operand(1)) : OPEN;
    default:
      return monotoneForm(call, forms, cursor);
  }
}

function arithmeticForm(fn: 'add' | 'subtract' | 'multiply' | 'divide', a: Form | null, b: Form | null): Form {
  if (a === null || b === null) return OPEN;
  const linear = a.kind === 'linear' && b.kind === 'linear';
  switch (fn) {
    case 'add':
      return linear ? combine(a, b, 1) : bounded([a, b], ([x, y]) => addRanges(x!, y!));
    case 'subtract':
      return linear ? combine(a, b, -1) : bounded([a, b], ([x, y]) => addRanges(x!, negateRange(y!)));
    case 'multiply':
      if (linear && a.terms.length === 0) return scale(b, a.center);
      if (linear && b.terms.length === 0) return scale(a, b.center);
      return bounded([a, b], ([x, y]) => multiplyRanges(x!, y!));
    case 'divide':
      if (linear && b.terms.length === 0) return b.center === 0 ? OPEN : scale(a, 1 / b.center);
      if (linear) return { kind: 'ratio', numerator: a, denominator: b };
      return bounded([a, b], ([x, y]) => divideRanges(x!, y!));
  }
}

function truncatedQuotient(a: Form | null, b: Form | null): Form {
  if (a === null || b === null) return OPEN;
  const ratio = arithmeticForm('divide', a, b);
  return rising(ratio, Math.trunc);
}

function unary(
  form: Form | null | undefined,
  linear: (form: Linear) => Form,
  range: (range: Range) => Range,
): Form | null {
  if (form === null || form === undefined) return null;
  return form.kind === 'linear' ? linear(form) : bounded([form], ([x]) => range(x!));
}

/** Image of a form under a function that never decreases. */
function rising(form: Form, map: (x: number) => number): Form {
  return bounded([form], ([range]) => mapRange(range!, map));
}

function monotoneForm(call: Call, forms: readonly (Form | null)[], cursor: Cursor): Form | null {
  const [form = null] = forms;
  if (call.type === 'boolean') return truthForm(call, cursor);
  if (form === null) return OPEN;
  switch (call.fn) {
    case 'abs':
      return bounded([form], ([x]) => absRange(x!));
    case 'sign':
      return bounded([form], ([x]) => mapEnds(x!, Math.sign));
    case 'ceil':
      return call.type === 'integer' ? form : rising(form, Math.ceil);
    case 'floor':
      return call.type === 'integer' ? form : rising(form, Math.floor);
    case 'trunc':
      return call.type === 'integer' ? form : rising(form, Math.trunc);
    case 'round': {
      if (forms[1] !== undefined && forms[1] !== null) return OPEN;
      const decimals = call.args[1] === undefined ? 0 : Number(evaluate(call.args[1], cursor.value) ?? 0n);
      if (call.type === 'integer' && decimals >= 0) return form;
      return rising(form, (x) => Number(roundTo(x, decimals)));
    }
    case 'sqrt':
      return rising(form, (x) => Math.sqrt(Math.max(0, x)));
    default:
      return OPEN;
  }
}

/** Image under a bounded rising function: open ends have images too. */
function mapEnds([low, high]: Range, map: (x: number) => number): Range {
  return [map(low), map(high)];
}

/** greatest, least: NULL arguments are passed over. coalesce: the first argument that is not NULL in the answer. */
function choiceForm(call: Call, operands: readonly (Form | null)[], cursor: Cursor): Form | null {
  if (call.fn === 'coalesce') {
    const chosen = call.args.findIndex((arg) => evaluate(arg, cursor.value) !== null);
    if (chosen < 0) return OPEN;
    if (chosen === 0) return operands[0] ?? null;
    // An earlier argument is NULL by noise alone (an undetermined mean): its true value counts as well.
    const reachable = operands.slice(0, chosen + 1).filter((operand) => operand !== null);
    return reachable.length === 1 ? (reachable[0] as Form) : bounded(reachable, hull);
  }
  if (call.type !== 'integer' && call.type !== 'double') return OPEN;
  const present = operands.filter((operand) => operand !== null);
  const side = call.fn === 'greatest' ? Math.max : Math.min;
  return bounded(present, (ranges) => [
    side(...ranges.map((range) => range[0])),
    side(...ranges.map((range) => range[1])),
  ]);
}

/** A truth as 0 or 1, for the branches of CASE. */
function truthForm(expr: Expr, cursor: Cursor): Form {
  const { operands, range } = truthRange(expr, cursor, (inner) => formOf(inner, cursor));
  return bounded(operands, range);
}

/** Hull of all branches that the intervals of the conditions leave possible. */
function caseForm(expr: Case, cursor: Cursor): Form | null {
  if (expr.type !== 'integer' && expr.type !== 'double')
    return expr.type === 'boolean' ? truthForm(expr, cursor) : OPEN;
  const settled = settledBranch(expr, cursor);
  if (settled !== undefined) return settled === null ? null : formOf(settled, cursor);
  const operands: Form[] = [];
  const add = (inner: Expr, isTruth: boolean): number => {
    const form = isTruth ? truthOf(inner, cursor) : (formOf(inner, cursor) ?? known(evaluate(inner, cursor.value)));
    return form === null ? -1 : operands.push(form) - 1;
  };
  const branches = expr.branches.map(({ when, result }) => ({ when: add(when, true), result: add(result, false) }));
  const otherwise = expr.otherwise === null ? -1 : add(expr.otherwise, false);
  return bounded(operands, (ranges) => {
    const possible: Range[] = [];
    let decided = false;
    for (const branch of branches) {
      const [low, high] = ranges[branch.when] ?? [0, 1];
      if (high < 1) continue;
      // A branch that is NULL or no number adds nothing to the hull of numbers.
      if (branch.result >= 0) possible.push(ranges[branch.result] as Range);
      decided = low >= 1;
      if (decided) break;
    }
    if (!decided && otherwise >= 0) possible.push(ranges[otherwise] as Range);
    return possible.length === 0 ? EVERYTHING : hull(possible);
  });
}

/** The branch taken, where no condition up to it reads noise; null for a missing ELSE, undefined where noise decides. */
function settledBranch(expr: Case, cursor: Cursor): Expr | null | undefined {
  for (const { when, result } of expr.branches) {
    if (readsNoise(when, cursor)) return undefined;
    if (evaluate(when, cursor.value) === true) return result;
  }
  return expr.otherwise;
}

function truthOf(expr: Expr, cursor: Cursor): Form {
  if (!readsNoise(expr, cursor)) return constant(evaluate(expr, cursor.value) === true ? 1 : 0);
  return truthForm(expr, cursor);
}
