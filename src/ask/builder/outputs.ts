/** What a query puts out, as types. */
import type { Expr } from './expr.ts';
import type { GroupSets } from './grouping.ts';
import type { Kind } from './kinds.ts';

/** Expressions by the names of their columns. */
export type Outputs = Readonly<Record<string, Expr<Kind, unknown>>>;

/** True only of `any`, which expressions are where TypeScript does not know the policy. */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** An output as a column, without what only aggregates can do. @internal */
export type ColumnOf<E> = IsAny<E> extends true ? E : E extends Expr<infer K, infer V> ? Expr<K, V> : never;

/** Outputs as columns of a query around. */
export type ColumnsOf<O> = { readonly [N in keyof O]: ColumnOf<O[N]> };

/** An output of a set operation may have values of either side. @internal */
export type AnyValued<E> = IsAny<E> extends true ? E : E extends Expr<infer K, unknown> ? Expr<K> : never;

/** Outputs of a set operation. */
export type Joined<O> = { readonly [N in keyof O]: AnyValued<O[N]> };

type IsKey<E> =
  IsAny<E> extends true ? false : E extends Expr<infer K, unknown> ? ([K] extends ['key'] ? true : false) : false;

/** Names of outputs that are keys. @internal */
export type KeysIn<O> = { [N in keyof O & string]: IsKey<O[N]> extends true ? N : never }[keyof O & string];

type MembersOf<G> = G extends readonly (infer M)[] ? MembersOf<M> : G extends GroupSets<infer M> ? MembersOf<M> : G;

/** Distributes over the members of a group. */
type HasKey<M> = M extends unknown ? IsKey<M> : never;

/** `the group` where one of the group's keys is a key of the policy. @internal */
export type KeyInGroup<G> = true extends HasKey<MembersOf<G>> ? 'the group' : never;

/** In place of a question's text: the unit, or a column with `use: join`, would be an output or the key of a group. */
export interface HoldsKey<N extends string> {
  readonly 'is a key, which may be neither output nor group of an answer': N;
}

/** Text of a question that can be asked; of others, why not. */
export type TextOf<Held extends string> = [Held] extends [never] ? string : HoldsKey<Held>;
