/** Values that public tables give to keys. */

import { columnExpr } from '../ask/column-expr.ts';
import type { Column, ColumnId, InList, Relation } from '../ask/ir.ts';
import type { TypedValue } from '../ask/types.ts';
import { makeAnd, makeFilter, makeLiteral } from './make-expr.ts';
import type { Facts, Tracked } from './tracked.ts';

/** Columns that are equal in every joined row. */
interface Pair {
  readonly far: ColumnId;
  readonly near: ColumnId;
}

/** Longest list of values that is written into a public relation. */
const LISTED_MAX = 1000;

/**
 * A protected column equal to a public one in every row has the public column's values, and the public columns have
 * their own: keys that are public though no list declares them. Where the protected column itself has few public values,
 * only public rows with one of them count: a join of `sex` to a vocabulary has two names, not those of the vocabulary.
 */
export function withPublicSources(
  facts: Facts,
  { left, right }: { readonly left: Tracked; readonly right: Tracked },
  equal: readonly (readonly [ColumnId, ColumnId])[],
  type: 'inner' | 'left' | 'full',
): Facts {
  if ((left.unit === null) === (right.unit === null)) return facts;
  const [far, near] = left.unit === null ? [left, right] : [right, left];
  const ids = new Set(far.relation.columns.map((column) => column.id));
  const pairs = equal.flatMap(([a, b]): Pair[] =>
    ids.has(a) && !ids.has(b) ? [{ far: a, near: b }] : ids.has(b) && !ids.has(a) ? [{ far: b, near: a }] : [],
  );
  const listed = pairs.flatMap((pair) => listedValues(pair, far, near));
  const relation = narrowed(far.relation, listed);
  const most = listed.reduce((least, { most }) => Math.min(least, most), Infinity);
  const columns = new Map(facts.columns);
  const place = (id: ColumnId, column: ColumnId): void => {
    const known = columns.get(id);
    if (known !== undefined && known.publicSource === null) {
      columns.set(id, { ...known, publicSource: { relation, column, most: most === Infinity ? null : most } });
    }
  };
  for (const id of ids) place(id, id);
  if (type === 'inner') for (const pair of pairs) place(pair.near, pair.far);
  return { ...facts, columns };
}

/** A public column that must hold one of a few values to meet a protected row. */
interface Listed {
  readonly column: Column;
  readonly values: readonly TypedValue[];
  /** Most rows with one of the values: the column holds each once, or Infinity. */
  readonly most: number;
}

function listedValues(pair: Pair, far: Tracked, near: Tracked): readonly Listed[] {
  const values = near.facts.columns.get(pair.near)?.values?.filter(({ value }) => value !== null);
  const column = far.relation.columns.find(({ id }) => id === pair.far);
  if (values === undefined || values.length === 0 || values.length > LISTED_MAX || column === undefined) return [];
  const isKey = far.keys.some((key) => key.length === 1 && key[0] === column.id);
  return [{ column, values, most: isKey ? values.length : Infinity }];
}

/** The public rows that can meet a protected one. Rows of a left join that meet none have NULL, which is no key here. */
function narrowed(relation: Relation, listed: readonly Listed[]): Relation {
  const { span } = relation;
  const [first, ...others] = listed.map(
    ({ column, values }): InList => ({
      kind: 'in-list',
      arg: columnExpr(column, span),
      list: values.map(({ type, value }) => makeLiteral(type, value, span)),
      negated: false,
      type: 'boolean',
      nullable: column.nullable,
      span,
    }),
  );
  return first === undefined ? relation : makeFilter(relation, makeAnd([first, ...others], span));
}
