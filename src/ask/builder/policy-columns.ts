/** Tables and columns of a policy, given as a constant object, as types. A policy known only at run time gives any name. */
import type { PolicyInput } from '../../policy/input.ts';
import type { Expr } from './expr.ts';
import type { PlainKind, Values } from './kinds.ts';

/** Data sets of a policy by name; never where TypeScript doesn't know them. */
type Datasets<P> = P extends PolicyInput ? (string extends keyof P['datasets'] ? never : P['datasets']) : never;

type Named<T> = T extends { readonly tables: infer Tables } ? Tables : never;

/** Names of tables in the data sets other than D. */
type Elsewhere<DS, D extends keyof DS> = { [E in Exclude<keyof DS, D>]: keyof Named<DS[E]> }[Exclude<keyof DS, D>];

/** Names alone where no other data set has the same, and names with their data set. */
type NamesIn<DS> = {
  [D in keyof DS & string]:
    | `${D}.${keyof Named<DS[D]> & string}`
    | Exclude<keyof Named<DS[D]> & string, Elsewhere<DS, D> | `${string}.${string}`>;
}[keyof DS & string];

type TableNamed<DS, N> = {
  [D in keyof DS & string]: N extends keyof Named<DS[D]>
    ? Named<DS[D]>[N]
    : N extends `${D}.${infer T extends keyof Named<DS[D]> & string}`
      ? Named<DS[D]>[T]
      : never;
}[keyof DS & string];

/** What ties a table to its unit: its unit's column, or the column by which another table leads to it. */
type TieOf<T> = T extends { readonly unit: infer U } ? Known<U extends { readonly on: infer C } ? C : U> : never;

/** A name; never where the policy is no constant object. */
type Known<N> = N extends string ? (string extends N ? never : N) : never;

type ListedIn<T> = T extends { readonly columns: infer C } ? C : Record<never, never>;

/** Values declared for a column, or all of its type. */
type DeclaredValues<C, K extends PlainKind> = C extends { readonly values: readonly (infer V)[] }
  ? Exclude<V, null>
  : Values[K];

type ColumnOf<C, Tied> = C extends { readonly type: infer K extends PlainKind }
  ? Tied extends true
    ? Expr<'key', DeclaredValues<C, K>>
    : C extends { readonly use: 'join' }
      ? Expr<'key', DeclaredValues<C, K>>
      : Expr<K, DeclaredValues<C, K>>
  : never;

type ColumnsIn<T> = {
  readonly [C in keyof ListedIn<T>]: ColumnOf<ListedIn<T>[C], C extends TieOf<T> ? true : false>;
} & {
  readonly [C in Exclude<TieOf<T>, keyof ListedIn<T>>]: Expr<'key', never>;
};

/** Columns of a table that TypeScript knows nothing about. */
// biome-ignore lint/suspicious/noExplicitAny: any name may be a column, of any type; `ask` checks both.
type AnyColumns = Readonly<Record<string, any>>;

/** Names of tables that a question may start from. @internal */
export type TableName<P> = [Datasets<P>] extends [never] ? string : NamesIn<Datasets<P>>;

/** Columns of a table by its name. @internal */
export type ColumnsNamed<P, N> = [Datasets<P>] extends [never] ? AnyColumns : ColumnsIn<TableNamed<Datasets<P>, N>>;
