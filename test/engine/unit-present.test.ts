/** Which relations are known to hold no row without a unit: the statement leaves its own condition out for those. */
import { expect, it } from 'vitest';
import type { Column, ColumnId, Expr, Relation } from '../../src/ask/ir.ts';
import { unitPresent } from '../../src/engine/dialect/unit-present.ts';
import * as tree from '../conformance/tree.ts';

const scan = () => tree.table('d', 't', { unit: 'key', g: 'integer' });
const [t, other] = [scan(), scan()];
const unit = t.by.unit as Column;
const isThere = tree.call('is-not-null', [tree.ref(unit)]);
const isSmall = tree.call('lt', [tree.ref(t.by.g as Column), tree.literal(5n)]);
const given = tree.filter(t, isThere);
const equal = tree.call('eq', [tree.ref(unit), tree.ref(other.by.unit as Column)]);

/** A projection with the column that it makes of an expression. */
function projected(input: Relation, expr: Expr): readonly [Relation, ColumnId] {
  const made = tree.item('u', expr);
  return [tree.project(input, [made]), made.column.id];
}

const appended = tree.setOperation('union-all', given, given);
const grouped = tree.item('u', tree.ref(unit));
const renamed = projected(given, tree.ref(unit));

it.each<readonly [boolean, string, Relation, ColumnId]>([
  [false, 'a table', t, unit.id],
  [true, 'a filter that says so', given, unit.id],
  [true, 'inside AND', tree.filter(t, tree.call('and', [isSmall, isThere])), unit.id],
  [true, 'inside AND inside AND', tree.filter(t, tree.call('and', [isSmall, tree.call('and', [isThere])])), unit.id],
  [false, 'inside OR', tree.filter(t, tree.call('or', [isSmall, isThere])), unit.id],
  [false, 'inside NOT', tree.filter(t, tree.call('not', [isThere])), unit.id],
  [false, 'a filter that says the opposite', tree.filter(t, tree.call('is-null', [tree.ref(unit)])), unit.id],
  [false, 'a filter about another column', given, t.by.g?.id as ColumnId],
  [false, 'a filter about something computed', tree.filter(t, tree.call('is-not-null', [isThere])), unit.id],
  [true, 'another filter above', tree.filter(given, isSmall), unit.id],
  [true, 'a project that renames', ...renamed],
  [false, 'a project that renames, over a table', ...projected(t, tree.ref(unit))],
  [false, 'a project that renames another column', ...projected(given, tree.ref(t.by.g as Column))],
  [false, 'a project that computes', ...projected(given, tree.caseWhen([[isSmall, tree.ref(unit)]], null))],
  [false, 'a project without it', renamed[0], unit.id],
  [true, 'inner join, left side', tree.join('inner', given, other, equal), unit.id],
  [true, 'inner join, right side', tree.join('inner', other, given, equal), unit.id],
  [false, 'inner join of tables', tree.join('inner', t, other, equal), unit.id],
  [false, 'inner join, the other side’s unit', tree.join('inner', given, other, equal), other.by.unit?.id as ColumnId],
  [false, 'left join, right side', tree.join('left', other, given, equal), unit.id],
  [false, 'full join, left side', tree.join('full', given, other, equal), unit.id],
  [false, 'full join, right side', tree.join('full', other, given, equal), unit.id],
  [true, 'a filter over a full join', tree.filter(tree.join('full', given, other, equal), isThere), unit.id],
  [false, 'a set', appended, appended.columns[0]?.id as ColumnId],
  [false, 'groups', tree.group(given, [grouped], [], [[0], []]), grouped.column.id],
])('%s: %s', (expected, _, relation, id) => {
  expect(unitPresent(relation, id)).toBe(expected);
});
