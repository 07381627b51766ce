/** GROUP BY. */
import { type AnyExpr, type OneOrMore, operands } from './expr.ts';
import type { Printer } from './printer.ts';

/** A member of ROLLUP, CUBE or GROUPING SETS: one key, or several that stand together. */
export type Member = OneOrMore<AnyExpr>;

/** Several groupings at once. */
export class GroupSets<M> {
  /** @internal */
  declare protected readonly members: M;
  readonly #word: string;
  readonly #sets: readonly Member[];

  /** @internal */
  constructor(word: string, sets: readonly Member[]) {
    this.#word = word;
    this.#sets = sets;
  }

  /** @internal */
  print(to: Printer): string {
    const sets = this.#sets.map((member) => `(${operands([member].flat(), to)})`);
    return `${this.#word} (${sets.join(', ')})`;
  }
}

/** What groupBy takes. */
export type Grouping = OneOrMore<AnyExpr | GroupSets<unknown>>;

/** All keys, then one less from the right, down to none. */
export function rollup<const M extends readonly Member[]>(...members: M): GroupSets<M[number]> {
  return new GroupSets('ROLLUP', members);
}

/** Every choice of the members. */
export function cube<const M extends readonly Member[]>(...members: M): GroupSets<M[number]> {
  return new GroupSets('CUBE', members);
}

/** The sets given; `[]` is all rows in one group. */
export function groupingSets<const M extends readonly Member[]>(...sets: M): GroupSets<M[number]> {
  return new GroupSets('GROUPING SETS', sets);
}

/** Keys of GROUP BY, with commas. @internal */
export function printGrouping(grouping: Grouping, to: Printer): string {
  return [grouping]
    .flat()
    .map((key) => key.print(to))
    .join(', ');
}
