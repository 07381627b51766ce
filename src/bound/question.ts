/** From a grouping across units to a bounded question: keys and their public values, limits, statistics. */
import type { AggregateItem, ColumnId, Expr } from '../ask/ir.ts';
import { SpannedError } from '../errors.ts';
import type { Contribution } from '../policy/policy.ts';
import type { AggregateNeed, AggregateScope } from './aggregate/aggregate.ts';
import { aggregateRules } from './aggregate/all.ts';
import type { Boundary } from './boundary.ts';
import type { BoundedKey, BoundedQuestion, Domain, Statistic } from './bounded.ts';
import { type Key, type Limits, limitsOf } from './contribution.ts';
import { domainOf, domainSize } from './domain.ts';
import { assume } from './facts.ts';
import { noteLeftOut } from './key-notes.ts';
import type { Derivation } from './plan.ts';
import { lowerExpr, track } from './privacy-unit.ts';
import { shareNoise } from './share.ts';
import { Source } from './source.ts';
import type { BoundContext, Tracked } from './tracked.ts';
import type { Vector } from './vector.ts';

/** One output value: where its statistics stand, what share of its budget each takes, how it follows. */
export interface Wanted {
  readonly name: string;
  /** For each statistic the aggregate needs: those of the question whose sum it is. */
  readonly at: readonly (readonly number[])[];
  readonly weights: readonly bigint[];
  readonly derivation: Derivation;
  readonly item: AggregateItem;
}

/** A bounded question before any noise is chosen. */
export interface Drafted {
  readonly bounded: BoundedQuestion;
  readonly boundary: Boundary;
  readonly limits: Limits;
  readonly wanted: readonly Wanted[];
  /** Statistics that share their noise. */
  readonly vectors: readonly Vector[];
  /** Index of the statistic that counts all units of a group; -1 where nothing needs it. */
  readonly units: number;
  /** Grouping sets with a privately selected key, by set index. */
  readonly selected: readonly boolean[];
}

const GROUPS_MAX = 1_000_000;

/**
 * Drafts one bounded question.
 *
 * @param contribution - the policy's bound, already lowered where the question asks for less
 * @param mayShare - whether counts may share their noise: not where each has an ε or an accuracy of its own
 * @throws SpannedError BOUND_*, QUERY_* where the question has no sensitivity or no mechanism
 */
export function draft(
  boundary: Boundary,
  contribution: Contribution,
  minimumUnits: number,
  mayShare: boolean,
  text: string,
  context: BoundContext,
): Drafted {
  const tracked = track(boundary.input, context);
  const keys = boundary.keys.map((key) => keyOf(lowerExpr(key.expr, tracked, context), key.column.name, tracked));
  noteLeftOut(
    keys.map((key, index) => ({ ...key, name: boundary.keys[index]?.column.name ?? '' })),
    tracked,
    context,
  );
  const limits = limitsOf(tracked, keys, contribution);
  const source = new Source(tracked, context);
  const boundedKeys = keys.map(
    (key, index): BoundedKey => ({
      column: source.column(key.expr),
      name: boundary.keys[index]?.column.name ?? '',
      type: key.expr.type === 'null' ? 'text' : key.expr.type,
      domain: key.domain,
    }),
  );
  const selected = boundary.sets.map((set) => set.some((key) => keys[key]?.domain === null));
  checkGrid(keys, boundary, selected);
  const list = new StatisticList();
  const always = keys.map((key, index) => (boundary.sets.every((set) => set.includes(index)) ? key : null));
  const needs = boundary.aggregates.map((item) => want(item, { source, limits, keys: always, text }, context, list));
  const units = selected.includes(true) ? list.place({ kind: 'units', where: null }) : -1;
  const sharing = units < 0 && mayShare ? shareNoise(list.all, source, limits) : null;
  const wanted = needs.map(({ need, at, ...rest }): Wanted => {
    const sums = at.map((statistic) => sharing?.sums[statistic] ?? [statistic]);
    return { ...rest, at: sums, weights: need.weights, derivation: need.derive(sums) };
  });
  const bounded: BoundedQuestion = {
    source: source.relation(),
    unit: source.unit,
    keys: boundedKeys,
    sets: boundary.sets,
    groups: limits.enforced ? limits.groups : null,
    path: limits.path,
    statistics: sharing?.statistics ?? list.all,
    minimumUnits: selected.includes(true) ? minimumUnits : null,
  };
  return { bounded, boundary, limits, wanted, vectors: sharing?.vectors ?? [], units, selected };
}

/** Statistics of a question, each once. */
class StatisticList {
  readonly all: Statistic[] = [];
  readonly #places = new Map<string, number>();

  place(statistic: Statistic): number {
    const meaning = JSON.stringify(statistic, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
    const known = this.#places.get(meaning);
    if (known !== undefined) return known;
    this.all.push(statistic);
    this.#places.set(meaning, this.all.length - 1);
    return this.all.length - 1;
  }
}

function want(
  item: AggregateItem,
  scope: Pick<AggregateScope, 'source' | 'limits' | 'keys' | 'text'>,
  context: BoundContext,
  list: StatisticList,
): {
  readonly name: string;
  readonly item: AggregateItem;
  readonly need: AggregateNeed;
  readonly at: readonly number[];
} {
  const { source } = scope;
  const { tracked } = source;
  const args = item.call.args.map((arg) => lowerExpr(arg, tracked, context));
  const filter = item.call.filter === null ? null : lowerExpr(item.call.filter, tracked, context);
  for (const arg of args)
    if (item.call.name !== 'count-distinct' && item.call.name !== 'count') refuseHidden(arg, tracked);
  const facts = filter === null ? tracked.facts : assume(tracked.facts, { condition: filter, holds: true });
  const where = filter === null ? null : source.column(filter);
  const present = (arg: Expr): ColumnId | null => {
    const nullable = arg.kind === 'column' ? (facts.columns.get(arg.id)?.nullable ?? arg.nullable) : arg.nullable;
    if (!nullable) return where;
    const notNull: Expr = {
      kind: 'call',
      fn: 'is-not-null',
      args: [arg],
      type: 'boolean',
      nullable: false,
      span: arg.span,
    };
    if (filter === null) return source.column(notNull);
    return source.column({
      kind: 'call',
      fn: 'and',
      args: [filter, notNull],
      type: 'boolean',
      nullable: true,
      span: filter.span,
    });
  };
  const call = { ...item.call, args, filter };
  const need: AggregateNeed = aggregateRules[call.name].needs(call, { ...scope, facts, where, present });
  const at = need.statistics.map((statistic) => list.place(statistic));
  return { name: item.column.name, item, need, at };
}

function keyOf(expr: Expr, name: string, tracked: Tracked): Key {
  refuseHidden(expr, tracked);
  if (expr.type === 'key') throw hidden(expr, name);
  return { expr, domain: domainOf(expr, tracked.facts) };
}

function refuseHidden(expr: Expr, tracked: Tracked): void {
  if (expr.kind === 'column' && tracked.facts.columns.get(expr.id)?.hidden === true) {
    throw hidden(expr, tracked.facts.columns.get(expr.id)?.name ?? 'this column');
  }
}

function hidden(expr: Expr, name: string): SpannedError {
  return new SpannedError('QUERY_NOT_AGGREGATE', expr.span, {
    message: `${name} identifies single persons or records: it can be joined and counted, never shown or grouped by.`,
    next: `Count it instead: COUNT(DISTINCT ${name}), or group by it in an inner SELECT and count its groups outside.`,
  });
}

function checkGrid(keys: readonly Key[], boundary: Boundary, selected: readonly boolean[]): void {
  boundary.sets.forEach((set, index) => {
    if (selected[index]) return;
    const cells = set.reduce((total, key) => total * sizeOf(keys[key]?.domain ?? null), 1);
    if (cells > GROUPS_MAX) {
      throw new SpannedError('QUERY_TOO_LARGE', boundary.keys[0]?.expr.span ?? null, {
        message: `The public keys of this question have ${cells} combinations; at most ${GROUPS_MAX} are answered.`,
        next: 'Use coarser keys, fewer keys, or narrow them with WHERE.',
      });
    }
  });
}

function sizeOf(domain: Domain | null): number {
  return domain === null ? 1 : (domainSize(domain) ?? 1);
}
