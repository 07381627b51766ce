/** Function calls: scalars, sugar, and the way to aggregates and windows. */
import type { Span } from '../../errors.ts';
import { nearest } from '../../policy/nearest.ts';
import { FUNCTIONS, type Sugar } from '../function-names.ts';
import type { Expr, ScalarName } from '../ir.ts';
import { REFUSED_FUNCTIONS } from '../refused-functions.ts';
import { DATE_PARTS, DATE_UNITS, PART_SYNONYMS, TIME_UNITS } from '../scalar.ts';
import { quoteText, unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { resolveAggregate } from './aggregate.ts';
import { makeCase } from './case.ts';
import { applyScalar, asCondition, castTo, explicitCast, literal, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';
import { intervalIn, isIntervalFunction, part, shifted } from './operator.ts';
import { resolveWindow } from './window.ts';

/** A call by name. */
export function resolveCall(call: Syntax.FunctionCall, env: Environment): Expr {
  const name = call.name.text.toLowerCase();
  const meaning = FUNCTIONS.get(name);
  if (meaning === undefined) throw unknownFunction(call, name);
  if (call.over !== null) return resolveWindow(call, call.over, meaning, env);
  if (meaning.kind === 'window') {
    throw unsupported(
      call.span,
      `${name} needs a window.`,
      `Write ${name}(…) OVER (PARTITION BY person_id ORDER BY …).`,
    );
  }
  if (meaning.kind === 'aggregate') return resolveAggregate(call, meaning.name, env);
  if (call.star || call.distinct || call.filter !== null || call.orderBy.length > 0) {
    const clause = call.star ? '*' : call.distinct ? 'DISTINCT' : call.filter !== null ? 'FILTER' : 'ORDER BY';
    throw unsupported(call.span, `${name} is no aggregate, so it takes no ${clause}.`, `Write ${name}(x).`);
  }
  if (meaning.kind === 'sugar') return resolveSugar(meaning.sugar, call, env);
  const args = call.args.map((arg) => env.question.resolvers.expr(arg, env));
  if (meaning.kind === 'part') return datePart(meaning.part, args, call.span, name);
  return scalar(meaning.fn, args, call, name);
}

/** EXTRACT(part FROM x). */
export function resolveExtract(expr: Syntax.Extract, env: Environment): Expr {
  const name = partNamed(expr.part, DATE_PARTS, expr.partSpan, 'EXTRACT');
  return datePart(name, [env.question.resolvers.expr(expr.operand, env)], expr.span, 'EXTRACT');
}

function unknownFunction({ name, args }: Syntax.FunctionCall, lowered: string): Error {
  const refused = REFUSED_FUNCTIONS.get(lowered);
  if (refused !== undefined) {
    const [first] = args;
    // The advice names a column x; where the call names one, it is that.
    const own = first?.kind === 'column-ref' ? first.name.text : 'x';
    const instead = lowered.startsWith('grouping') ? refused.instead.replace('(x,', () => `(${own},`) : refused.instead;
    return unsupported(name.span, `${lowered} ${refused.why}`, instead);
  }
  if (isIntervalFunction(lowered)) {
    return unsupported(
      name.span,
      `${lowered} gives an interval, which can’t stand alone.`,
      `Write start_date + ${lowered}(30).`,
    );
  }
  const meant = nearest(lowered, FUNCTIONS.keys());
  return unsupported(
    name.span,
    `There is no function ${quoteText(name.text)} here.`,
    meant === null ? 'Use the functions of docs/sql.md; CASE computes what they do not.' : `Did you mean ${meant}?`,
  );
}

function scalar(fn: ScalarName, args: readonly Expr[], call: Syntax.FunctionCall, shown: string): Expr {
  const [first] = args;
  switch (fn) {
    case 'ceil':
    case 'floor':
    case 'trunc':
      // Whole numbers are whole already: no detour over doubles, which hold 53 bits only.
      return first?.type === 'integer' && args.length === 1 ? first : applyScalar(fn, args, call.span, shown);
    case 'round':
      return round(args, call.span, shown);
    case 'date-trunc':
    case 'date-part':
    case 'date-diff':
    case 'date-sub':
      return withPart(fn, args, call.span, shown);
    case 'coalesce':
      return args.length === 1 ? first! : applyScalar(fn, args, call.span, shown);
    default:
      return applyScalar(fn, args, call.span, shown);
  }
}

function round(args: readonly Expr[], span: Span, shown: string): Expr {
  const [value, decimals] = args;
  if (
    decimals !== undefined &&
    (decimals.kind !== 'literal' || (decimals.type !== 'integer' && decimals.type !== 'null'))
  ) {
    throw unsupported(decimals.span, 'The number of decimals must be a constant whole number.', 'Write round(x, 2).');
  }
  const count = decimals?.value ?? 0n;
  if (typeof count === 'bigint' && (count > 15n || count < -15n)) {
    throw unsupported(decimals?.span ?? span, 'The number of decimals goes from -15 to 15.', 'Write round(x, 2).');
  }
  if (value?.type === 'integer' && count === 0n && args.length <= 2) return value;
  return applyScalar('round', args, span, shown);
}

type PartFunction = 'date-trunc' | 'date-part' | 'date-diff' | 'date-sub';

function withPart(fn: PartFunction, args: readonly Expr[], span: Span, shown: string): Expr {
  const [first, ...rest] = args;
  if (first?.kind !== 'literal' || typeof first.value !== 'string') {
    throw unsupported(
      first?.span ?? span,
      `${shown} takes the part of the date first, as a constant.`,
      fn === 'date-diff' || fn === 'date-sub' ? `Write ${shown}('day', a, b).` : `Write ${shown}('month', x).`,
    );
  }
  const name = partNamed(first.value, fn === 'date-part' ? DATE_PARTS : DATE_UNITS, first.span, shown);
  if (fn === 'date-part') return datePart(name, rest, span, shown);
  return applyScalar(fn, [part(name, first.span), ...timed(name, rest)], span, shown);
}

function datePart(name: string, args: readonly Expr[], span: Span, shown: string): Expr {
  return applyScalar('date-part', [part(name, span), ...timed(name, args)], span, shown);
}

/** Parts finer than a day are those of timestamps: a date becomes its first moment. */
function timed(name: string, args: readonly Expr[]): readonly Expr[] {
  return TIME_UNITS.has(name) ? args.map((arg) => (arg.type === 'date' ? castTo(arg, 'timestamp') : arg)) : args;
}

function partNamed(written: string, known: ReadonlySet<string>, span: Span, shown: string): string {
  const lowered = written.toLowerCase();
  const name = known.has(lowered) ? lowered : PART_SYNONYMS.get(lowered);
  if (name !== undefined && known.has(name)) return name;
  const refused = REFUSED_FUNCTIONS.get(lowered);
  const meant = nearest(lowered, known);
  throw unsupported(
    span,
    `${shown} knows no part ${quoteText(written)}.`,
    meant !== null && refused === undefined ? `Did you mean ${meant}?` : `Write one of ${[...known].join(', ')}.`,
  );
}

function resolveSugar(sugar: Sugar, call: Syntax.FunctionCall, env: Environment): Expr {
  const { span } = call;
  const expect = (count: number, example: string): void => {
    if (call.args.length === count) return;
    throw typeError(
      span,
      `${call.name.text.toLowerCase()} takes ${count} argument${count === 1 ? '' : 's'}.`,
      `Write ${example}.`,
    );
  };
  const args = (): readonly Expr[] => call.args.map((arg) => env.question.resolvers.expr(arg, env));
  switch (sugar) {
    case 'if': {
      expect(3, 'if(condition, a, b)');
      const [condition, yes, no] = args();
      return makeCase([asCondition(condition!, 'if')], [yes!], no!, span);
    }
    case 'age':
      expect(2, "age_in_years(birth_date, DATE '2024-01-31')");
      return applyScalar('date-sub', [part('year', span), ...args()], span, 'age_in_years');
    case 'last-day': {
      expect(1, 'last_day(x)');
      const month = applyScalar('date-trunc', [part('month', span), ...args()], span, 'last_day');
      const next = applyScalar('add-months', [castTo(month, 'date'), literal('integer', 1n, span)], span, 'last_day');
      return applyScalar('add-days', [next, literal('integer', -1n, span)], span, 'last_day');
    }
    case 'date':
      expect(1, 'CAST(x AS DATE)');
      return explicitCast(args()[0]!, 'date', false, span);
    case 'date-add': {
      expect(2, 'start_date + INTERVAL 30 DAY');
      const interval = intervalIn(call.args[1]!, env);
      if (interval === null) {
        throw unsupported(call.args[1]!.span, 'date_add adds an interval.', 'Write start_date + INTERVAL 30 DAY.');
      }
      return shifted(env.question.resolvers.expr(call.args[0]!, env), interval, false, span);
    }
  }
}
