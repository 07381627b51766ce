/** What the researcher calls each released value: the name of the output it goes into. */
import { columnsRead } from '../ask/fold.ts';
import type { Column, ColumnId, Relation } from '../ask/ir.ts';

/** Released columns that an output column is made of. */
type Sources = ReadonlyMap<ColumnId, ReadonlySet<ColumnId>>;

const NONE: ReadonlySet<ColumnId> = new Set();

/**
 * Name by released column: that of the first output of the answer that it enters. Values of no output have none.
 *
 * @param released - columns by question; a question that the answer reads twice has one column for each value
 */
export function outputNames(answer: Relation, released: readonly (readonly Column[])[]): ReadonlyMap<ColumnId, string> {
  const sources = sourcesOf(answer, released);
  const names = new Map<ColumnId, string>();
  for (const { id, name } of answer.columns) {
    for (const source of sources.get(id) ?? NONE) if (!names.has(source)) names.set(source, name);
  }
  return names;
}

function sourcesOf(relation: Relation, released: readonly (readonly Column[])[]): Sources {
  const inside = (input: Relation): Sources => sourcesOf(input, released);
  switch (relation.kind) {
    case 'table':
    case 'one-row':
    case 'values':
      return new Map();
    case 'released':
      return new Map(
        relation.columns.map(({ id }, at) => [id, new Set([released[relation.question]?.[at]?.id ?? id])]),
      );
    case 'filter':
    case 'distinct':
    case 'sort':
    case 'limit':
      return inside(relation.input);
    case 'project': {
      const input = inside(relation.input);
      return new Map([
        ...input,
        ...relation.items.map(({ column, expr }) => [column.id, read([expr], input)] as const),
      ]);
    }
    case 'join':
      return new Map([...inside(relation.left), ...inside(relation.right)]);
    case 'aggregate': {
      const input = inside(relation.input);
      return new Map([
        ...relation.keys.map(({ column, expr }) => [column.id, read([expr], input)] as const),
        ...relation.aggregates.map(
          ({ column, call }) => [column.id, read([...call.args, ...call.order.map((key) => key.expr)], input)] as const,
        ),
      ]);
    }
    case 'set': {
      const [left, right] = [inside(relation.left), inside(relation.right)];
      return new Map(
        relation.columns.map(({ id }, index) => [
          id,
          new Set([
            ...(left.get(relation.left.columns[index]?.id ?? -1) ?? NONE),
            ...(right.get(relation.right.columns[index]?.id ?? -1) ?? NONE),
          ]),
        ]),
      );
    }
  }
}

function read(exprs: readonly Parameters<typeof columnsRead>[0][], input: Sources): ReadonlySet<ColumnId> {
  return new Set(exprs.flatMap((expr) => [...columnsRead(expr)].flatMap((id) => [...(input.get(id) ?? NONE)])));
}
