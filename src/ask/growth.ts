/**
 * How large a question may grow where its steps refer to each other. A text that is joined with itself at every step
 * doubles, and so does an expression that names a column of the step before twice: an engine or this process would run
 * out of memory or time over them, and for texts whether it does would tell what the text was.
 */
import { operandsOf, partsOf } from './fold.ts';
import type { Call, ColumnId, Expr, Relation } from './ir.ts';
import { tooLarge } from './sql/refuse.ts';

/** Longest text that a question may put together, in UTF-16 code units, with stored texts taken as `STORED`. */
const TEXT_SIZE_MAX = 65_536;
/** Most nodes of one expression after columns of the steps below are spelled out: engines do so when they optimise. */
const SPELLED_OUT_MAX = 10_000;
/** Length that a stored text is taken for. */
const STORED = 32;
/** Longest a number, date or truth value can be as text. */
const PRINTED = 32;

/** An expression's longest text, in code units, and its nodes once spelled out; constants, which lists have many of, count none. */
interface Size {
  readonly text: number;
  readonly nodes: number;
}

/** Sizes of the computed columns met so far; others are stored. */
type Sizes = Map<ColumnId, Size>;

const LEAF: Size = { text: STORED, nodes: 1 };

/**
 * Refuses a question in which a text or an expression grows too large.
 *
 * @throws SpannedError QUERY_TOO_LARGE at the call or expression
 */
export function checkGrowth(relation: Relation): void {
  measure(relation, new Map());
}

/** Refuses a call of constants whose text grows too long, before it is computed. @throws SpannedError QUERY_TOO_LARGE */
export function checkConstant(call: Call): void {
  sizeOf(call, new Map());
}

function measure(relation: Relation, sizes: Sizes): void {
  const { inputs, exprs } = partsOf(relation);
  for (const input of inputs) measure(input, sizes);
  switch (relation.kind) {
    case 'project':
      for (const { column, expr } of relation.items) sizes.set(column.id, sizeOf(expr, sizes));
      return;
    case 'aggregate':
      for (const { column, expr } of relation.keys) sizes.set(column.id, kept(sizeOf(expr, sizes)));
      for (const { column, call } of relation.aggregates) {
        const args = call.args.map((arg) => sizeOf(arg, sizes));
        if (call.filter !== null) sizeOf(call.filter, sizes);
        for (const key of call.order) sizeOf(key.expr, sizes);
        sizes.set(column.id, kept(largest(args)));
      }
      return;
    case 'set':
      relation.columns.forEach(({ id }, index) => {
        const sides = [relation.left, relation.right].map((side) => sizes.get(side.columns[index]?.id ?? -1) ?? LEAF);
        sizes.set(id, largest(sides));
      });
      return;
    case 'values':
      relation.columns.forEach(({ id }, index) => {
        const texts = relation.rows
          .map((row) => row[index])
          .map((value) => (typeof value === 'string' ? value.length : 0));
        sizes.set(id, { text: texts.reduce((most, length) => Math.max(most, length), PRINTED), nodes: 1 });
      });
      return;
    default:
      for (const expr of exprs) sizeOf(expr, sizes);
  }
}

/** Looks at every operand, so that none grows unseen. */
function sizeOf(expr: Expr, sizes: Sizes): Size {
  if (expr.kind === 'column') return sizes.get(expr.id) ?? LEAF;
  if (expr.kind === 'literal') return { text: typeof expr.value === 'string' ? expr.value.length : PRINTED, nodes: 0 };
  const operands = operandsOf(expr).map((operand) => sizeOf(operand, sizes));
  if (expr.kind === 'exists' || expr.kind === 'in-relation') measure(expr.relation, sizes);
  const nodes = operands.reduce((sum, operand) => sum + operand.nodes, 1);
  if (nodes > SPELLED_OUT_MAX) {
    throw tooLarge(
      expr.span,
      'This expression is too large once the columns it names are spelled out.',
      'Name a computed column fewer times at every step, or ask in several questions.',
    );
  }
  if (expr.kind === 'window') return kept(largest(operands));
  return { text: textOf(expr, operands), nodes };
}

function textOf(expr: Expr, operands: readonly Size[]): number {
  if (expr.type !== 'text') return PRINTED;
  const texts = operands.map(({ text }) => text);
  return expr.kind === 'call' ? callText(expr, texts) : Math.max(PRINTED, ...texts);
}

function callText(call: Call, texts: readonly number[]): number {
  const [text = 0, , replacement = 0] = texts;
  switch (call.fn) {
    case 'concat':
    case 'concat-operator':
      return checked(
        call,
        texts.reduce((sum, size) => sum + size, 0),
      );
    case 'replace': {
      const [, from] = call.args;
      const found = from?.kind === 'literal' && typeof from.value === 'string' ? from.value.length : 1;
      return checked(call, text * Math.max(1, replacement / Math.max(1, found)));
    }
    default:
      return Math.max(PRINTED, ...texts);
  }
}

function checked(call: Call, size: number): number {
  if (size <= TEXT_SIZE_MAX) return size;
  throw tooLarge(
    call.span,
    `Texts put together here can have more than ${TEXT_SIZE_MAX} characters.`,
    'Join and replace less often; a key needs no more than a few words.',
  );
}

function largest(sizes: readonly Size[]): Size {
  return {
    text: Math.max(PRINTED, ...sizes.map(({ text }) => text)),
    nodes: Math.max(1, ...sizes.map(({ nodes }) => nodes)),
  };
}

/** A value that the engine works out once: its column is no longer spelled out. */
function kept(size: Size): Size {
  return { text: size.text, nodes: 1 };
}
