/** Bounded questions as one statement each: per-unit bounds first, then exact totals per group, in three shapes (docs/performance.md). */
import type { BoundedKey, BoundedQuestion } from '../../bound/bounded.ts';
import { invariant } from '../../errors.ts';
import type { DialectOptions, PrintContext, Statement } from './context.ts';
import { domainValues, insideDomain } from './domain.ts';
import { presenceOf } from './presence.ts';
import { canonical, clean, type Printed, printed } from './printed.ts';
import { makeContext } from './relation.ts';
import { selectionHash } from './selection-hash.ts';
import { Columns, groupTotal, type PairValue, pairValue, type SetGrain, unitsOf } from './statistics.ts';
import { carried, type Transport } from './transport.ts';
import { unitPresent } from './unit-present.ts';

/** A statement with the reading of its columns: set number (where there are several), keys, statistics. */
export interface BoundedStatement extends Statement {
  /** For every grouping set of the question the number its rows carry; null: the result is one set without numbers. */
  readonly setNumbers: readonly number[] | null;
  readonly keys: readonly Transport[];
  readonly statistics: readonly Transport[];
}

/** Everything the stages share. */
interface Draft {
  readonly question: BoundedQuestion;
  readonly context: PrintContext;
  readonly salt: bigint;
  readonly unit: Printed;
  /** Keys as "k0", "k1" … with the nature they have. */
  readonly keys: readonly Printed[];
  readonly pairs: readonly PairValue[];
  /** Column of each statistic's bounded value in the pairs; equal values are one column. */
  readonly names: readonly (string | null)[];
  /** The columns that `names` names. */
  readonly values: readonly string[];
}

/**
 * Prints a bounded question.
 *
 * 'rows': the unit is unique, a row is a pair. 'unit': one pair per unit, its keys the least of each. 'pairs': rows
 * grouped by (unit, keys), and where `groups` is set a unit keeps the pairs hashed strictly below its (groups+1)-th
 * smallest hash: a tie can only drop more. Rows without a unit are dropped first: NULL would be one unit without bound.
 */
export function printBounded(question: BoundedQuestion, salt: bigint, options: DialectOptions): BoundedStatement {
  const context = makeContext(options);
  const source = context.printRelation(question.source, context);
  const unit = clean(context.column(question.unit));
  const keys = question.keys.map((key) => canonical(context.column(key.column)));
  const near = new Columns('near');
  const row = new Columns('z');
  const pair = question.path === 'rows' ? null : new Columns('a');
  const grain = { near, row, pair, presence: presenceOf(question) };
  const pairs = question.statistics.map((statistic) => pairValue(statistic, grain, context));
  const bounded = new Columns('s');
  // Lists are cut to their own statistic's limit later, so each has its own column.
  const names = pairs.map(({ statistic, value }, index) => {
    if (value === null) return null;
    return statistic.kind === 'distinct' ? `"d${index}"` : bounded.place(value);
  });
  const lists = pairs.flatMap(({ statistic, value }, index) =>
    statistic.kind === 'distinct' ? [`${value} AS "d${index}"`] : [],
  );
  const present = unitPresent(question.source, question.unit) ? [] : [`${unit.sql} IS NOT NULL`];
  const conditions = [...present, ...domainConditions(question, keys, context)];
  const columns = [`${unit.sql} AS "u"`, ...keys.map((key, index) => `${key.sql} AS "k${index}"`), ...row.items];
  const from =
    near.items.length === 0 ? source : `SELECT *, ${near.items.join(', ')} FROM (${source}) AS ${context.alias()}`;
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const rows = `SELECT ${columns.join(', ')} FROM (${from}) AS ${context.alias()}${where}`;
  const draft: Draft = {
    question,
    context,
    salt,
    unit: { ...unit, sql: '"u"' },
    keys: keys.map((key, index) => ({ ...key, sql: `"k${index}"` })),
    pairs,
    names,
    values: [...bounded.items, ...lists],
  };
  return finish(draft, stages(draft, pair === null ? rows : grouped(rows, question, pair, context)));
}

/** Values of a key's public relation, for listing groups that nobody is in. */
export function printDomain(
  key: BoundedKey,
  options: DialectOptions,
): (Statement & { readonly transport: Transport }) | null {
  if (key.domain?.kind !== 'relation') return null;
  const context = makeContext(options);
  const values = domainValues(key.domain, context, null);
  const [column] = key.domain.relation.columns;
  const value = { ...canonical(context.column((column as { id: number }).id)), sql: '"value"' };
  const { sql, transport } = carried(value);
  return {
    sql: `SELECT DISTINCT ${sql} FROM (${values}) AS "domain"("value") WHERE "value" IS NOT NULL`,
    parameters: context.texts.parameters,
    transport,
  };
}

function domainConditions(question: BoundedQuestion, keys: readonly Printed[], context: PrintContext): string[] {
  return question.keys.flatMap((key, index) =>
    key.domain === null ? [] : [insideDomain(keys[index] as Printed, key, key.domain, context)],
  );
}

/** One row per pair with its aggregates; on the path 'unit' the keys are aggregates too. */
function grouped(rows: string, question: BoundedQuestion, pair: Columns, context: PrintContext): string {
  const names = question.keys.map((_, index) => `"k${index}"`);
  const byUnit = question.path === 'unit';
  const keys = byUnit ? names.map((name) => `min(${name}) AS ${name}`) : names;
  const by = byUnit ? ['"u"'] : ['"u"', ...names];
  const items = ['"u"', ...keys, ...pair.items];
  return `SELECT ${items.join(', ')} FROM (${rows}) AS ${context.alias()} GROUP BY ${by.join(', ')}`;
}

/** Common table expressions, and what the totals are taken from. */
interface Stages {
  readonly with: readonly string[];
  readonly from: string;
  /** Rows of `from` that stand for pairs carry 1 here. */
  readonly marker: string | null;
}

function stages(draft: Draft, pairRows: string): Stages {
  const { question, context } = draft;
  const limited = question.path === 'pairs' && question.groups !== null;
  const several = distinctSets(question).length > 1 && question.path !== 'rows';
  const listed = question.path !== 'rows' && draft.pairs.some(({ statistic }) => statistic.kind === 'distinct');
  const values = ['"u"', ...draft.keys.map((key) => key.sql), ...draft.values].join(', ');
  const steps: string[] = [];
  let kept = `(SELECT ${values} FROM (${pairRows}) AS ${context.alias()}) AS "kept"`;
  if (limited) {
    steps.push(...threshold(draft, pairRows, question.groups as number));
    // Values are bounded last, in kept pairs only: on most data most pairs go.
    const below = '(SELECT "p".* FROM "p" ANTI JOIN "th" ON "p"."u" = "th"."u" AND "p"."h" >= "th"."th")';
    kept = `(SELECT ${values} FROM ${below} AS ${context.alias()}) AS "kept"`;
  }
  if (listed) {
    steps.push(`"kept" AS MATERIALIZED (SELECT * FROM ${limitedLists(draft, kept)})`);
    steps.push(`"long" AS ${several ? 'MATERIALIZED ' : ''}(${unnested(draft)})`);
    return { with: steps, from: '"long"', marker: '"one"' };
  }
  if (several) {
    steps.push(`"kept" AS MATERIALIZED (SELECT * FROM ${kept})`);
    return { with: steps, from: '"kept"', marker: null };
  }
  return { with: steps, from: kept, marker: null };
}

/** Pairs with their hashes, and the hash that those of each unit over the limit must stay below. */
function threshold(draft: Draft, pairRows: string, groups: number): string[] {
  invariant(Number.isSafeInteger(groups) && groups >= 1, 'a unit keeps at least one group');
  const { context, salt, unit, keys } = draft;
  const hash = selectionHash(salt, [unit, ...keys], context.options.portableHash);
  return [
    `"p" AS MATERIALIZED (SELECT *, ${hash} AS "h" FROM (${pairRows}) AS ${context.alias()})`,
    `"th" AS (SELECT "u", list_extract(min("h", ${groups + 1}), ${groups + 1}) AS "th" ` +
      `FROM "p" GROUP BY "u" HAVING count(*) > ${groups})`,
  ];
}

/** Lists of distinct values cut to `rows` by salted hash, the same way pairs are. */
function limitedLists(draft: Draft, kept: string): string {
  const { context, salt, unit, keys, pairs, names } = draft;
  const key = { stored: unit.stored, sql: unit.sql };
  const lists = pairs.flatMap(({ statistic, stored }, index) =>
    statistic.kind === 'distinct' && stored !== null
      ? [{ name: names[index] as string, rows: statistic.rows, stored }]
      : [],
  );
  const hashed = lists.map(({ name, stored }) => {
    const hash = selectionHash(salt, [key, ...keys, { sql: 'v', stored }], context.options.portableHash);
    return `list_sort(list_transform(${name}, lambda v: {'h': ${hash}, 'v': v})) AS ${name}`;
  });
  const cut = lists.map(
    ({ name, rows }) =>
      `CASE WHEN len(${name}) > ${rows} THEN list_filter(${name}, lambda e: e.h < ${name}[${rows + 1}].h) ELSE ${name} END AS ${name}`,
  );
  const first = `(SELECT * REPLACE (${hashed.join(', ')}) FROM ${kept}) AS ${context.alias()}`;
  return `(SELECT * REPLACE (${cut.join(', ')}) FROM ${first}) AS ${context.alias()}`;
}

/** Pairs, and below them one row per kept distinct value: everything is then one grouping. */
function unnested({ pairs, names, keys }: Draft): string {
  const columns = [...new Set(names.filter((name) => name !== null))];
  const lists = new Set(names.filter((_, index) => pairs[index]?.statistic.kind === 'distinct'));
  const keyNames = keys.map((key) => key.sql);
  const own = columns.map((name) => (lists.has(name) ? `NULL AS ${name}` : name));
  const selects = [`SELECT "u", ${[...keyNames, ...own, '1 AS "one"'].join(', ')} FROM "kept"`];
  for (const list of lists) {
    const items = columns.map((name) => (name === list ? `unnest(${list}).v AS ${name}` : `NULL AS ${name}`));
    selects.push(`SELECT NULL AS "u", ${[...keyNames, ...items, 'NULL AS "one"'].join(', ')} FROM "kept"`);
  }
  return selects.join(' UNION ALL ');
}

/** Grouping sets, each once, as the number GROUPING gives them: bit n−1−i is set where key i is absent. */
function distinctSets(question: BoundedQuestion): readonly number[] {
  return [...new Set(question.sets.map((set) => setNumber(set, question.keys.length)))];
}

function setNumber(set: readonly number[], keys: number): number {
  let number = 0;
  for (let key = 0; key < keys; key++) number = number * 2 + (set.includes(key) ? 0 : 1);
  return number;
}

function finish(draft: Draft, from: Stages): BoundedStatement {
  const { question, context } = draft;
  const numbers = distinctSets(question);
  const single = numbers.length === 1;
  const selects =
    single || question.path !== 'rows'
      ? numbers.map((number) => totalsOfSet(draft, from, number, single))
      : [totalsOfAllSets(draft, from, numbers)];
  const steps = from.with.length === 0 ? '' : `WITH ${from.with.join(', ')} `;
  const grain = grainOf(draft, from, numbers[0] as number);
  return {
    sql: `${steps}${selects.join(' UNION ALL ')}`,
    parameters: context.texts.parameters,
    setNumbers: single ? null : question.sets.map((set) => setNumber(set, question.keys.length)),
    keys: draft.keys.map((key) => carried(key).transport),
    statistics: draft.pairs.map((pair, index) => groupTotal(pair, draft.names[index] ?? null, grain).transport),
  };
}

function grainOf({ question }: Draft, { marker }: Stages, number: number): SetGrain {
  return { fine: question.path !== 'pairs' || number === 0, marker };
}

/** Totals of one grouping set. */
function totalsOfSet(draft: Draft, from: Stages, number: number, single: boolean): string {
  const { question } = draft;
  const present = keysOf(number, question.keys.length);
  const grain = grainOf(draft, from, number);
  const items = [
    ...(single ? [] : [`${number} AS "set"`]),
    ...draft.keys.map((key, index) => {
      const absent = printed(`CAST(NULL AS ${key.stored})`, key.type, { stored: key.stored });
      return `${carried(present.includes(index) ? key : absent).sql} AS "x${index}"`;
    }),
    ...totals(draft, grain),
  ];
  const by = present.map((index) => draft.keys[index]?.sql).join(', ');
  const groupBy = by === '' ? '' : ` GROUP BY ${by}`;
  const enough = selects(question, present) ? ` HAVING ${unitsOf(grain)} >= ${minimum(question)}` : '';
  return `SELECT ${items.length === 0 ? '1' : items.join(', ')} FROM ${from.from}${groupBy}${enough}`;
}

/** Totals of several grouping sets where a row is a pair: one scan, grouped several ways. */
function totalsOfAllSets(draft: Draft, from: Stages, numbers: readonly number[]): string {
  const { question } = draft;
  const count = question.keys.length;
  const grain = grainOf(draft, from, 0);
  const number = `grouping(${draft.keys.map((key) => key.sql).join(', ')})`;
  const items = [
    `CAST(${number} AS INTEGER) AS "set"`,
    ...draft.keys.map((key, index) => `${carried(key).sql} AS "x${index}"`),
    ...totals(draft, grain),
  ];
  const sets = numbers.map(
    (one) =>
      `(${keysOf(one, count)
        .map((index) => draft.keys[index]?.sql)
        .join(', ')})`,
  );
  const selected = numbers.filter((one) => selects(question, keysOf(one, count)));
  const enough =
    selected.length === 0
      ? ''
      : ` HAVING ${number} NOT IN (${selected.join(', ')}) OR ${unitsOf(grain)} >= ${minimum(question)}`;
  return `SELECT ${items.join(', ')} FROM ${from.from} GROUP BY GROUPING SETS (${sets.join(', ')})${enough}`;
}

function totals(draft: Draft, grain: SetGrain): string[] {
  return draft.pairs.flatMap((pair, index) =>
    groupTotal(pair, draft.names[index] ?? null, grain).sql.map((sql, half) => `${sql} AS "t${index}_${half}"`),
  );
}

function keysOf(number: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, key) => key).filter(
    (key) => Math.floor(number / 2 ** (count - 1 - key)) % 2 === 0,
  );
}

/** True when a key of the set is private, so that its groups must be selected. */
function selects(question: BoundedQuestion, present: readonly number[]): boolean {
  return question.minimumUnits !== null && present.some((index) => question.keys[index]?.domain === null);
}

function minimum(question: BoundedQuestion): number {
  invariant(Number.isSafeInteger(question.minimumUnits), 'the least number of units is a whole number');
  return question.minimumUnits as number;
}
