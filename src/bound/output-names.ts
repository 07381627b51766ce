/** What the researcher calls each released value: the name of the output it goes into. */
import { columnsRead } from '../ask/fold.ts';
import type { ColumnId, Relation } from '../ask/ir.ts';

/** Released columns that an output column is made of. */
type Sources = ReadonlyMap<ColumnId, ReadonlySet<ColumnId>>;

const NONE: ReadonlySet<ColumnId> = new Set();

/** Name by released column: that of the first output of the answer that it enters. Values of no output have none. */
export function outputNames(answer: Relation): ReadonlyMap<ColumnId, string> {
  const sources = sourcesOf(answer);
  const names = new Map<ColumnId, string>();
  for (const { id, name } of answer.columns) {
    for (const released of sources.get(id) ?? NONE) if (!names.has(released)) names.set(released, name);
  }
  return names;
}

function sourcesOf(relation: Relation): Sources {
  switch (relation.kind) {
    case 'table':
    case 'one-row':
    case 'values':
      return new Map();
    case 'released':
      return new Map(relation.columns.map(({ id }) => [id, new Set([id])]));
    case 'filter':
    case 'distinct':
    case 'sort':
    case 'limit':
      return sourcesOf(relation.input);
    case 'project': {
      const input = sourcesOf(relation.input);
      return new Map([
        ...input,
        ...relation.items.map(({ column, expr }) => [column.id, read([expr], input)] as const),
      ]);
    }
    case 'join':
      return new Map([...sourcesOf(relation.left), ...sourcesOf(relation.right)]);
    case 'aggregate': {
      const input = sourcesOf(relation.input);
      return new Map([
        ...relation.keys.map(({ column, expr }) => [column.id, read([expr], input)] as const),
        ...relation.aggregates.map(
          ({ column, call }) => [column.id, read([...call.args, ...call.order.map((key) => key.expr)], input)] as const,
        ),
      ]);
    }
    case 'set': {
      const [left, right] = [sourcesOf(relation.left), sourcesOf(relation.right)];
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
