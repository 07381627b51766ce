/** Window functions. */
import { foldName } from '../../policy/fold-name.ts';
import type { FunctionMeaning, WrittenAggregate } from '../function-names.ts';
import type { Expr, Frame, SortKey, Window, WindowName } from '../ir.ts';
import { quoteText, unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import { checkedArgument, resultType } from './aggregate.ts';
import { makeCase } from './case.ts';
import { asCondition, bring, commonTypeOf, literal, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';

const FRAME_ROWS_MAX = 1_000_000n;

/** A call with OVER, as a column of the projection below. */
export function resolveWindow(
  call: Syntax.FunctionCall,
  over: Syntax.WindowName | Syntax.WindowSpec,
  meaning: FunctionMeaning,
  env: Environment,
): Expr {
  const { windows } = env;
  const shown = call.name.text.toLowerCase();
  if (windows === null) {
    throw unsupported(
      call.span,
      `The window function ${shown} can’t stand in ${env.place}.`,
      env.place === 'WHERE'
        ? 'Put the condition in QUALIFY, or number the rows in a subquery and filter outside it.'
        : 'Compute it in a subquery first, and use its column here.',
    );
  }
  const inner: Environment = { ...env, windows: null, place: 'a window' };
  const spec = over.kind === 'window-spec' ? over : namedWindow(over, windows.named);
  const { name, args } = windowCall(call, meaning, inner);
  const order = spec.order.map((item) => sortKey(item, inner));
  const partition = spec.partition.map((expr) => constantFree(inner.question.resolvers.expr(expr, inner)));
  const frame = spec.frame === null ? null : resolveFrame(spec.frame, inner);
  const { type, nullable } = windowType(name, args);
  const framed = FRAMELESS.has(name) ? null : frame;
  const window: Window = {
    kind: 'window',
    name,
    args,
    partition,
    order,
    frame: framed,
    type,
    nullable,
    span: call.span,
  };
  return { ...windows.add(window), span: call.span };
}

const FRAMELESS: ReadonlySet<WindowName> = new Set(['row-number', 'rank', 'dense-rank', 'lag', 'lead']);

function namedWindow(name: Syntax.WindowName, named: ReadonlyMap<string, Syntax.WindowSpec>): Syntax.WindowSpec {
  const spec = named.get(foldName(name.name.text));
  if (spec !== undefined) return spec;
  throw unsupported(
    name.span,
    `No window here is called ${quoteText(name.name.text)}.`,
    'Define it: WINDOW w AS (PARTITION BY person_id ORDER BY start_date).',
  );
}

function constantFree(expr: Expr): Expr {
  if (expr.kind !== 'literal') return expr;
  throw unsupported(
    expr.span,
    'A window is not partitioned by a constant.',
    'Name a column, or leave PARTITION BY out.',
  );
}

/** One key of an ORDER BY inside OVER. */
function sortKey(item: Syntax.OrderItem, env: Environment): SortKey {
  const expr = env.question.resolvers.expr(item.expr, env);
  if (expr.type === 'key') throw typeError(expr.span, 'Keys have no order.', 'Order by a date, number or text.');
  return { expr: constantFree(expr), descending: item.descending, nullsFirst: item.nulls === 'first' };
}

interface WindowParts {
  readonly name: WindowName;
  readonly args: readonly Expr[];
}

function windowCall(call: Syntax.FunctionCall, meaning: FunctionMeaning, env: Environment): WindowParts {
  const shown = call.name.text.toLowerCase();
  if (call.distinct || call.orderBy.length > 0) {
    const clause = call.distinct ? 'DISTINCT' : 'ORDER BY inside its parentheses';
    throw unsupported(call.span, `A window takes no ${clause}.`, 'Take the distinct rows in a subquery first.');
  }
  if (meaning.kind === 'aggregate') return aggregateWindow(call, meaning.name, env);
  if (meaning.kind !== 'window') {
    throw unsupported(call.span, `${shown} is no window function.`, 'Leave OVER out.');
  }
  if (call.filter !== null) {
    throw unsupported(call.filter.span, `${shown} takes no FILTER.`, 'Write CASE WHEN … THEN x END as its argument.');
  }
  const { name } = meaning;
  const args = call.args.map((arg) => env.question.resolvers.expr(arg, env));
  const [least, most] = name === 'lag' || name === 'lead' ? [1, 3] : name.endsWith('-value') ? [1, 1] : [0, 0];
  if (call.star || args.length < least || args.length > most) {
    throw typeError(
      call.span,
      `${shown} takes ${least === most ? least : `${least} to ${most}`} arguments.`,
      EXAMPLES[name] ?? '',
    );
  }
  const key = args.find((arg) => arg.type === 'key');
  if (key !== undefined) throw typeError(key.span, `${shown} takes no key.`, 'Take a date, number or text.');
  return { name, args: name === 'lag' || name === 'lead' ? shiftArguments(args, call) : args };
}

const EXAMPLES: Readonly<Partial<Record<WindowName, string>>> = {
  'row-number': 'Write row_number() OVER (PARTITION BY person_id ORDER BY start_date).',
  rank: 'Write rank() OVER (PARTITION BY person_id ORDER BY start_date).',
  'dense-rank': 'Write dense_rank() OVER (PARTITION BY person_id ORDER BY start_date).',
  lag: 'Write lag(start_date) OVER (PARTITION BY person_id ORDER BY start_date).',
  lead: 'Write lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date).',
  'first-value': 'Write first_value(ward) OVER (PARTITION BY person_id ORDER BY start_date).',
  'last-value': 'Write last_value(ward) OVER (PARTITION BY person_id ORDER BY start_date).',
};

/** [x, offset, default]: the offset a constant from 0, the default a constant of x's type. */
function shiftArguments(args: readonly Expr[], call: Syntax.FunctionCall): readonly Expr[] {
  const [value, offset = literal('integer', 1n, call.span), otherwise = literal('null', null, call.span)] = args;
  if (offset.kind !== 'literal' || typeof offset.value !== 'bigint' || offset.type !== 'integer') {
    throw unsupported(offset.span, 'The offset must be a constant whole number.', 'Write lag(x, 1).');
  }
  if (offset.value < 0n || offset.value > FRAME_ROWS_MAX) {
    throw unsupported(offset.span, 'The offset goes from 0 to 1 000 000.', 'Write lead(x, 1) to look the other way.');
  }
  if (otherwise.kind !== 'literal') {
    throw unsupported(otherwise.span, 'The default must be a constant.', 'Write COALESCE(lag(x) OVER (…), y).');
  }
  const type = commonTypeOf([value!, otherwise]);
  return [bring(value!, type), offset, bring(otherwise, type)];
}

const WINDOWED: ReadonlySet<WrittenAggregate> = new Set(['count', 'sum', 'avg', 'min', 'max']);
const CONDITIONS: ReadonlySet<WrittenAggregate> = new Set(['bool-and', 'bool-or', 'count-if']);

/** Aggregates over a window; FILTER becomes a CASE. */
function aggregateWindow(
  call: Syntax.FunctionCall,
  name: Extract<FunctionMeaning, { kind: 'aggregate' }>['name'],
  env: Environment,
): WindowParts {
  const shown = call.name.text.toLowerCase();
  const resolve = (expr: Syntax.Expr): Expr => env.question.resolvers.expr(expr, env);
  if (!WINDOWED.has(name)) {
    throw unsupported(
      call.span,
      `${shown} is not supported over a window.`,
      CONDITIONS.has(name)
        ? 'Write max or sum over a CASE, or aggregate in a subquery.'
        : `Aggregate in a subquery and join it: JOIN (SELECT person_id, ${shown}(…) AS x … GROUP BY person_id) USING (person_id).`,
    );
  }
  if (call.args.length !== (call.star ? 0 : 1) && !(name === 'count' && call.args.length === 0)) {
    throw typeError(call.span, `${shown} takes one argument.`, `Write ${shown}(x) OVER (…).`);
  }
  if (call.star && name !== 'count') throw typeError(call.span, 'Only COUNT takes *.', 'Name the column.');
  const filter = call.filter === null ? null : asCondition(resolve(call.filter), 'FILTER');
  const argument = call.args[0] === undefined ? null : resolve(call.args[0]);
  const filtered = (value: Expr): Expr => (filter === null ? value : makeCase([filter], [value], null, call.span));
  if (name === 'count') {
    if (argument?.type === 'key' && filter !== null) {
      throw typeError(argument.span, 'A filtered window counts no keys.', 'Write COUNT(*) FILTER (WHERE …) OVER (…).');
    }
    const counted = argument === null || (argument.kind === 'literal' && argument.value !== null) ? null : argument;
    if (counted !== null) return { name: 'count', args: [filtered(counted)] };
    return filter === null
      ? { name: 'count-rows', args: [] }
      : { name: 'count', args: [filtered(literal('integer', 1n, call.span))] };
  }
  const made = name as 'sum' | 'avg' | 'min' | 'max';
  const checked = checkedArgument(made, argument!, call);
  return { name: made, args: [filtered(checked)] };
}

function windowType(name: WindowName, args: readonly Expr[]): { readonly type: SqlType; readonly nullable: boolean } {
  switch (name) {
    case 'row-number':
    case 'rank':
    case 'dense-rank':
      return { type: 'integer', nullable: false };
    case 'lag':
    case 'lead':
    case 'first-value':
    case 'last-value':
      return { type: args[0]!.type, nullable: true };
    default:
      return resultType(name, args);
  }
}

function resolveFrame(frame: Syntax.FrameSpec, env: Environment): Frame {
  const [start, end] = [bound(frame.start, env), bound(frame.end, env)];
  const empty = frame.start.kind === 'unbounded-following' || frame.end.kind === 'unbounded-preceding';
  if (empty || (start !== null && end !== null && start > end)) {
    throw unsupported(
      frame.span,
      'This frame ends before it starts.',
      'Write ROWS BETWEEN 1 PRECEDING AND CURRENT ROW.',
    );
  }
  return { start, end };
}

function bound(at: Syntax.FrameBound, env: Environment): number | null {
  if (at.kind === 'current-row') return 0;
  if (at.kind !== 'preceding' && at.kind !== 'following') return null;
  const rows = env.question.resolvers.expr(at.rows, env);
  const count = rows.kind === 'literal' && rows.type === 'integer' && typeof rows.value === 'bigint' ? rows.value : -1n;
  if (count < 0n || count > FRAME_ROWS_MAX) {
    throw unsupported(at.span, 'A frame reaches a whole number of rows from 0 to 1 000 000.', 'Write 1 PRECEDING.');
  }
  return at.kind === 'preceding' && count > 0n ? -Number(count) : Number(count);
}
