/** A clinical question, and the same asked of plain DuckDB by hand. */
export interface RealQuestion {
  readonly title: string;
  /** Policy file beside this one, without its ending; tables of its data set are views of the plain engine. */
  readonly policy: 'diabetes130' | 'omop-gibleed' | 'omop-synthea27' | 'heart4' | 'census';
  readonly sql: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly delta?: number;
  readonly contribution?: { readonly groups?: number; readonly rows?: number };
  /** Columns that name a row of the answer; the others are figures. */
  readonly keys: readonly string[];
  /** Plain SQL with every bound of policy and question spelled out: what a large ε must give. */
  readonly bounded: string;
  /** Plain SQL as one would write it without a policy; the same as `bounded` where nobody reaches a bound. */
  readonly plain?: string;
  /** Pairs beyond the bound on groups are dropped at random, so `bounded` is met only within this relative distance. */
  readonly within?: number;
}
