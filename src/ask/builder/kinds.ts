/** Types of expressions as TypeScript sees them. */

/** Type of an expression: of a column as the policy declares it; `key` is the unit, or a column with `use: join`. */
export type Kind = 'text' | 'integer' | 'double' | 'boolean' | 'date' | 'timestamp' | 'key';

export type NumberKind = 'integer' | 'double';
export type MomentKind = 'date' | 'timestamp';

/** Kinds that have an order and may be put out. */
export type PlainKind = Exclude<Kind, 'key'>;

/** `2024-01-31`. */
export type DateText = `${number}-${number}-${number}`;
/** `2024-01-31`, `2024-01-31 08:00:00`. */
export type TimestampText = DateText | `${DateText} ${string}`;

/** Values that stand for an expression of a kind. */
export interface Values {
  readonly text: string;
  readonly integer: number | bigint;
  readonly double: number | bigint;
  readonly boolean: boolean;
  readonly date: DateText;
  readonly timestamp: TimestampText | Date;
  readonly key: never;
}

/** A value of any kind. */
export type AnyValue = string | number | bigint | boolean | Date;

/** Kind of a constant. Whole numbers written out are integers. */
export type KindOfValue<T> = T extends string
  ? 'text'
  : T extends boolean
    ? 'boolean'
    : T extends bigint
      ? 'integer'
      : T extends number
        ? `${T}` extends `${bigint}`
          ? 'integer'
          : 'double'
        : T extends Date
          ? 'timestamp'
          : never;

/** Kinds that go together with a kind: integers with doubles, dates with timestamps. */
export type Peer<K extends Kind> = [K] extends [NumberKind] ? NumberKind : [K] extends [MomentKind] ? MomentKind : K;

/** Units that intervals and differences of dates are counted in. */
export type DateUnit = 'year' | 'quarter' | 'month' | 'week' | 'day';
export type TimeUnit = 'hour' | 'minute' | 'second';

/** Parts of a date that are numbers. */
export type DatePart = DateUnit | TimeUnit | 'isoyear' | 'dow' | 'isodow' | 'doy' | 'decade';
