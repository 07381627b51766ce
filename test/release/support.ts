/** Plans, sealed statistics and small trees for tests of the release. */
import type {
  AggregateName,
  Column,
  ColumnId,
  Expr,
  Item,
  Relation,
  ScalarName,
  SortKey,
  WindowName,
} from '../../src/ask/ir.ts';
import type { SqlType, Value } from '../../src/ask/types.ts';
import type { BoundedKey, Domain, Statistic } from '../../src/bound/bounded.ts';
import type { Derivation, Measurement, Plan, PlannedQuestion, Selection } from '../../src/bound/plan.ts';
import type { NoiseMechanism } from '../../src/dp/mechanism/noise.ts';
import { decimalOf, rational } from '../../src/dp/rational.ts';
import { type ExactSet, Sealed } from '../../src/engine/sealed.ts';

export const span = { start: 0, end: 0 };

export const laplace = (scale: number): NoiseMechanism => ({ kind: 'discrete-laplace', scale: decimalOf(scale) });
export const gaussian = (variance: number): NoiseMechanism => ({
  kind: 'discrete-gaussian',
  variance: decimalOf(variance),
});

export function measured(mechanism: NoiseMechanism): Measurement {
  return { mechanism, sensitivity: { l0: 1, l1: 1n, l2Squared: 1n, lInf: 1n } };
}

export const column = (id: ColumnId, name: string, type: SqlType): Column => ({ id, name, type, nullable: true });

export const released = (columns: readonly Column[], question = 0): Relation => ({
  kind: 'released',
  question,
  columns,
  span,
});

const EMPTY: Relation = { kind: 'one-row', columns: [], span };

export interface QuestionParts {
  readonly keys?: readonly { readonly name: string; readonly type: SqlType; readonly domain: Domain | null }[];
  readonly sets?: readonly (readonly number[])[];
  readonly statistics: readonly Statistic[];
  /** Per statistic, the same in every set. */
  readonly mechanisms: readonly (NoiseMechanism | null)[];
  readonly selection?: readonly (Selection | null)[];
  readonly derived: readonly Derivation[];
  readonly names?: readonly string[];
  readonly firstId?: number;
}

/** One planned question; output columns get ids from `firstId` (default 1), keys first. */
export function question(parts: QuestionParts): PlannedQuestion {
  const keys = parts.keys ?? [];
  const sets = parts.sets ?? [keys.map((_, index) => index)];
  const first = parts.firstId ?? 1;
  return {
    bounded: {
      source: EMPTY,
      unit: 900,
      keys: keys.map(({ name, type, domain }, index): BoundedKey => ({ column: 901 + index, name, type, domain })),
      sets,
      groups: null,
      path: 'pairs',
      statistics: parts.statistics,
      minimumUnits: null,
    },
    measurements: sets.map(() =>
      parts.mechanisms.map((mechanism) => (mechanism === null ? null : measured(mechanism))),
    ),
    selection: parts.selection ?? sets.map(() => null),
    vectors: [],
    columns: [
      ...keys.map((key, index) => column(first + index, key.name, key.type)),
      ...parts.derived.map((derivation, index) =>
        column(
          first + keys.length + index,
          parts.names?.[index] ?? `v${index}`,
          derivation.kind === 'scaled' ? derivation.type : 'double',
        ),
      ),
    ],
    derived: parts.derived,
  };
}

export function plan(questions: readonly PlannedQuestion[], answer?: Relation): Plan {
  return {
    dataset: 'network',
    digest: 'd',
    questions,
    answer: answer ?? released(questions[0]!.columns),
    event: { kind: 'composed', events: [] },
    cost: { epsilon: rational(1n), delta: rational(0n) },
    proof: { claim: '', rule: '', theorem: '', facts: {}, premises: [] },
  };
}

/** Seals one block per set: rows of [keys…, statistics…]. */
export function sealedSets(keys: number, ...sets: readonly (readonly (readonly Value[])[])[]): ExactSet[] {
  return sets.map((rows) => {
    const width = rows[0]?.length ?? keys;
    const columns = Array.from({ length: width }, (_, index) => rows.map((row) => row[index] ?? null));
    return {
      groups: rows.length,
      keys: columns.slice(0, keys),
      statistics: columns.slice(keys).map((values) => values as bigint[]),
    };
  });
}

export function seal(sets: readonly ExactSet[], domains: readonly (readonly Value[] | null)[] = []): Sealed {
  return Sealed.seal({ questions: [{ sets }], domains: [domains] });
}

export const COUNT: Statistic = { kind: 'count', where: null, rows: 1 };
export const UNITS: Statistic = { kind: 'units', where: null };
export const SUM: Statistic = {
  kind: 'sum',
  input: 902,
  lattice: { step: rational(1n), low: 0n, high: 100n },
  centre: 0n,
  where: null,
  rows: 1,
  limit: 'clamp',
  low: 0n,
  high: 100n,
};

export const scaled = (statistic: number, step = 1): Derivation => ({
  kind: 'scaled',
  statistics: [statistic],
  step: decimalOf(step),
  type: step === 1 ? 'integer' : 'double',
});

// Expressions.

export const ref = (of: Column): Expr => ({ kind: 'column', id: of.id, type: of.type, nullable: true, span });

export function lit(value: Value, type?: SqlType): Expr {
  const inferred: SqlType =
    typeof value === 'bigint'
      ? 'integer'
      : typeof value === 'number'
        ? 'double'
        : typeof value === 'string'
          ? 'text'
          : value === null
            ? 'null'
            : 'boolean';
  return { kind: 'literal', value, type: type ?? inferred, nullable: value === null, span };
}

export function call(fn: ScalarName, type: SqlType, ...args: readonly Expr[]): Expr {
  return { kind: 'call', fn, args, type, nullable: true, span };
}

export const cast = (arg: Expr, type: SqlType): Expr => ({ kind: 'cast', arg, type, nullable: true, span });

export function when(type: SqlType, branches: readonly (readonly [Expr, Expr])[], otherwise: Expr | null): Expr {
  return {
    kind: 'case',
    branches: branches.map(([condition, result]) => ({ when: condition, result })),
    otherwise,
    type,
    nullable: true,
    span,
  };
}

export function over(
  name: WindowName,
  type: SqlType,
  args: readonly Expr[],
  partition: readonly Expr[],
  order: readonly SortKey[],
  frame: { readonly start: number | null; readonly end: number | null } | null = null,
): Expr {
  return { kind: 'window', name, args, partition, order, frame, type, nullable: true, span };
}

// Relations.

export const by = (expr: Expr, descending = false, nullsFirst = false): SortKey => ({ expr, descending, nullsFirst });

export const filter = (input: Relation, condition: Expr): Relation => ({
  kind: 'filter',
  input,
  condition,
  columns: input.columns,
  span,
});

export function project(input: Relation, items: readonly (readonly [Column, Expr])[]): Relation {
  const list = items.map(([one, expr]): Item => ({ column: one, expr }));
  return { kind: 'project', input, items: list, columns: list.map((item) => item.column), span };
}

export function join(
  type: 'inner' | 'left' | 'full' | 'cross',
  left: Relation,
  right: Relation,
  condition: Expr | null,
): Relation {
  return { kind: 'join', type, left, right, condition, columns: [...left.columns, ...right.columns], span };
}

export function aggregate(
  input: Relation,
  keys: readonly (readonly [Column, Expr])[],
  aggregates: readonly (readonly [Column, AggregateName, readonly Expr[], (Expr | null)?, (readonly SortKey[])?])[],
  sets?: readonly (readonly number[])[],
): Relation {
  return {
    kind: 'aggregate',
    input,
    keys: keys.map(([one, expr]) => ({ column: one, expr })),
    sets: sets ?? [keys.map((_, index) => index)],
    aggregates: aggregates.map(([one, name, args, condition, order]) => ({
      column: one,
      call: { name, args, order: order ?? [], filter: condition ?? null, span },
    })),
    columns: [...keys.map(([one]) => one), ...aggregates.map(([one]) => one)],
    span,
  };
}

export const sort = (input: Relation, ...keys: readonly SortKey[]): Relation => ({
  kind: 'sort',
  input,
  by: keys,
  columns: input.columns,
  span,
});

export const limit = (input: Relation, count: number | null, offset = 0): Relation => ({
  kind: 'limit',
  input,
  count,
  offset,
  columns: input.columns,
  span,
});

export function setOperation(
  operation: 'union-all' | 'union' | 'intersect' | 'except',
  left: Relation,
  right: Relation,
  firstId: number,
): Relation {
  const columns = left.columns.map((one, index) => ({ ...one, id: firstId + index }));
  return { kind: 'set', operation, left, right, columns, span };
}

/** A deterministic shuffle. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const list = [...items];
  let state = seed;
  for (let i = list.length - 1; i > 0; i--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const j = state % (i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}
