/** What the policy declares of a column, as facts. */
import type { ColumnId } from '../ask/ir.ts';
import type { TypedValue } from '../ask/types.ts';
import type { Bounds, PolicyColumn } from '../policy/policy.ts';
import { double, exact } from './interval.ts';
import type { ColumnFacts, Range } from './tracked.ts';

/** Facts of a column the policy lists. `idOf` finds the column that `bounds: { by }` names, null where it is not in sight. */
export function declaredFacts(column: PolicyColumn, idOf: (name: string) => ColumnId | null): ColumnFacts {
  const by = column.boundsBy === null ? null : idOf(column.boundsBy.column);
  return {
    ...unknownFacts(column.name),
    range: column.bounds === null ? null : rangeOfBounds(column.type, column.bounds),
    values: column.values === null ? null : column.values.map((value): TypedValue => ({ type: column.type, value })),
    step: column.step,
    rangeBy:
      column.boundsBy === null || by === null
        ? null
        : {
            column: by,
            of: column.boundsBy.of.flatMap(({ key, bounds }) => {
              const range = rangeOfBounds(column.type, bounds);
              return range === null ? [] : [{ key, range }];
            }),
          },
    nullable: column.nullable,
    hidden: column.use === 'join',
  };
}

/** Facts of a column of which nothing is declared. */
export function unknownFacts(name: string): ColumnFacts {
  return {
    range: null,
    values: null,
    step: null,
    rangeBy: null,
    nullable: true,
    publicSource: null,
    hidden: false,
    name,
  };
}

function rangeOfBounds(type: PolicyColumn['type'], bounds: Bounds): Range | null {
  switch (type) {
    case 'double':
      return double(Number(bounds.low), Number(bounds.high));
    case 'integer':
    case 'date':
    case 'timestamp':
      return exact(
        bounds.low === null ? null : BigInt(bounds.low as bigint | number),
        bounds.high === null ? null : BigInt(bounds.high as bigint | number),
      );
    default:
      return null;
  }
}
