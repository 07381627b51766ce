/** GROUP BY: keys and grouping sets. */
import type { Span } from '../../errors.ts';
import { SpannedError } from '../../errors.ts';
import { columnsRead } from '../fold.ts';
import type { ColumnId, Expr, Item } from '../ir.ts';
import { meaningOf } from '../meaning.ts';
import { tooLarge, unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { Environment } from './environment.ts';
import { outputName } from './output-name.ts';
import type { ListItem } from './select-list.ts';

/** Most grouping sets, and most keys. */
const SETS_MAX = 64;
const KEYS_MAX = 32;

/** Keys of a grouping and its sets, as indices into them. */
export interface Grouping {
  readonly keys: readonly Item[];
  readonly sets: readonly (readonly number[])[];
}

/** A key as written, resolved. */
interface Key {
  readonly expr: Expr;
  readonly name: string;
}

/** What GROUP BY refers to. */
export interface GroupingContext {
  readonly env: Environment;
  readonly items: readonly ListItem[];
  /** The items' expressions, in order. */
  readonly resolved: readonly Expr[];
  /** Columns of aggregates and windows, which no key may use. */
  readonly computed: ReadonlySet<ColumnId>;
}

/** Resolves GROUP BY; without one, and with aggregates, all rows are one group. */
export function resolveGrouping(groupBy: Syntax.GroupBy | null, context: GroupingContext): Grouping {
  const keys: Key[] = [];
  const known = new Map<string, number>();
  const indexOf = (key: Key): number => {
    const meaning = meaningOf(key.expr);
    const before = known.get(meaning);
    if (before !== undefined) return before;
    known.set(meaning, keys.length);
    keys.push(key);
    return keys.length - 1;
  };
  const sets = groupBy === null ? [[]] : setsOf(groupBy, context, indexOf);
  if (keys.length > KEYS_MAX) {
    throw tooLarge(groupBy!.span, `A grouping has at most ${KEYS_MAX} keys.`, 'Group by fewer columns.');
  }
  const inAll = (index: number): boolean => sets.every((set) => set.includes(index));
  const items = keys.map(({ expr, name }, index): Item => {
    const nullable = expr.nullable || !inAll(index);
    return { column: { id: context.env.question.fresh(), name, type: expr.type, nullable }, expr };
  });
  return { keys: items, sets: distinctSets(sets, groupBy) };
}

function setsOf(
  groupBy: Syntax.GroupBy,
  context: GroupingContext,
  indexOf: (key: Key) => number,
): readonly (readonly number[])[] {
  if (groupBy.kind === 'group-all') {
    const plain = context.resolved.flatMap((expr, i) => {
      if (expr.kind === 'literal' || readsAny(expr, context.computed)) return [];
      return [indexOf({ expr, name: context.items[i]!.name })];
    });
    return [[...new Set(plain)]];
  }
  let product: readonly (readonly number[])[] = [[]];
  for (const element of groupBy.elements) {
    const sets = elementSets(element, context, indexOf);
    if (product.length * sets.length > SETS_MAX) throw tooManySets(element.span);
    product = product.flatMap((before) => sets.map((set) => [...before, ...set]));
  }
  return product.map((set) => [...new Set(set)].sort((a, b) => a - b));
}

function elementSets(
  element: Syntax.GroupElement,
  context: GroupingContext,
  indexOf: (key: Key) => number,
): readonly (readonly number[])[] {
  const indices = (group: Syntax.GroupKeys): readonly number[] =>
    group.keys.map((key) => indexOf(resolveKey(key, context)));
  const distinctMembers = (members: readonly Syntax.GroupKeys[], family: string): readonly (readonly number[])[] => {
    const found = members.map(indices);
    if (new Set(found.map(String)).size === found.length) return found;
    throw unsupported(element.span, `A key stands twice in ${family}.`, `Name each key of ${family} once.`);
  };
  switch (element.kind) {
    case 'group-keys':
      return [indices(element)];
    case 'grouping-sets': {
      const sets = element.sets.flatMap((inner) => elementSets(inner, context, indexOf));
      if (sets.length > SETS_MAX) throw tooManySets(element.span);
      return sets;
    }
    case 'rollup': {
      const members = distinctMembers(element.members, 'ROLLUP');
      if (members.length >= SETS_MAX) throw tooManySets(element.span);
      return Array.from({ length: members.length + 1 }, (_, i) => members.slice(0, members.length - i).flat());
    }
    case 'cube': {
      const members = distinctMembers(element.members, 'CUBE');
      if (2 ** members.length > SETS_MAX) throw tooManySets(element.span);
      const every = 2 ** members.length;
      // The full set first, the empty one last; the first member varies slowest.
      return Array.from({ length: every }, (_, i) => {
        const kept = every - 1 - i;
        return members.filter((_, member) => (kept >> (members.length - 1 - member)) & 1).flat();
      });
    }
  }
}

function tooManySets(span: Span): SpannedError {
  return tooLarge(span, `A grouping has at most ${SETS_MAX} sets.`, 'Write out the GROUPING SETS you need.');
}

/** An ordinal, a column, an alias, or any other expression of columns. */
function resolveKey(key: Syntax.Expr, context: GroupingContext): Key {
  if (key.kind === 'number' && key.form === 'integer') return ordinalKey(key, context);
  const expr = context.env.question.resolvers.expr(key, context.env);
  if (expr.kind === 'literal') {
    throw unsupported(
      key.span,
      'A constant is no key.',
      'Leave it out of GROUP BY; it may stand in SELECT all the same.',
    );
  }
  return { expr, name: outputName(key, (ref) => ref.name.text) };
}

function ordinalKey(key: Syntax.NumberLiteral, { items, resolved, computed }: GroupingContext): Key {
  const index = ordinal(key, items.length, 'GROUP BY');
  const expr = resolved[index]!;
  if (expr.kind === 'literal' || readsAny(expr, computed)) {
    throw unsupported(
      key.span,
      `Column ${index + 1} of the SELECT list is no key: it is ${expr.kind === 'literal' ? 'a constant' : 'an aggregate'}.`,
      'Group by columns and expressions of columns.',
    );
  }
  return { expr, name: items[index]!.name };
}

/** Index that an ordinal means. */
export function ordinal(key: Syntax.NumberLiteral, count: number, clause: string): number {
  const position = Number(key.text);
  if (position >= 1 && position <= count) return position - 1;
  throw new SpannedError('QUERY_UNKNOWN_NAME', key.span, {
    message: `${clause} ${quoted(key.text)} names no column: the SELECT list has ${count}.`,
    next: `Write a number from 1 to ${count}, or the name of a column.`,
  });
}

function quoted(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}

function readsAny(expr: Expr, ids: ReadonlySet<ColumnId>): boolean {
  for (const id of columnsRead(expr)) if (ids.has(id)) return true;
  return false;
}

/** A set written twice would give its rows twice. */
function distinctSets(
  sets: readonly (readonly number[])[],
  groupBy: Syntax.GroupBy | null,
): readonly (readonly number[])[] {
  const seen = new Set(sets.map((set) => set.join()));
  if (seen.size === sets.length) return sets;
  throw unsupported(groupBy!.span, 'A grouping set stands here twice.', 'Write out each of the GROUPING SETS once.');
}
