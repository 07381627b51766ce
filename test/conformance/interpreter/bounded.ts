/** Bounded questions, step by step as `bound/bounded.ts` states them. */

import type { Row } from '../../../src/ask/evaluate.ts';
import { compareValues } from '../../../src/ask/evaluate.ts';
import type { SqlType, Value } from '../../../src/ask/types.ts';
import type { BoundedKey, BoundedQuestion, Lattice, Statistic } from '../../../src/bound/bounded.ts';
import { toNumber } from '../../../src/dp/rational.ts';
import { type Database, identities, identity, oneZero } from './database.ts';
import { portableHash } from './hash.ts';
import { interpret, rowsOf } from './relation.ts';

/** Exact statistics by key, for one grouping set: keys absent from the set are null. */
export interface Group {
  readonly key: readonly Value[];
  readonly statistics: readonly bigint[];
}

interface Pair {
  readonly unit: Value;
  readonly key: readonly Value[];
  readonly rows: readonly Row[];
}

/** Groups of every grouping set. */
export function interpretBounded(question: BoundedQuestion, salt: bigint, database: Database): Group[][] {
  const nothing: Row = () => null;
  const rows = rowsOf(question.source, database, nothing).filter((row) => row(question.unit) !== null);
  const inside = rows.filter((row) => question.keys.every((key) => insideDomain(row(key.column), key, database)));
  const types = new Map(question.source.columns.map((column) => [column.id, column.type]));
  const pairs = keep(pairsOf(question, inside), question, salt, types);
  return question.sets.map((set) => groupsOf(question, set, pairs, salt, types));
}

function insideDomain(value: Value, key: BoundedKey, database: Database): boolean {
  const { domain } = key;
  if (domain === null) return true;
  if (domain.kind === 'list') return domain.values.some((one) => identity(one) === identity(value));
  if (value === null) return false;
  if (domain.kind === 'span') return BigInt(value as bigint) >= domain.low && BigInt(value as bigint) <= domain.high;
  return interpret(domain.relation, database).some(
    ([one]) => one !== null && identity(one ?? null) === identity(value),
  );
}

function pairsOf(question: BoundedQuestion, rows: readonly Row[]): Pair[] {
  if (question.path === 'rows') {
    return rows.map((row) => ({ unit: row(question.unit), key: keyOf(question, row), rows: [row] }));
  }
  const byUnit = question.path === 'unit';
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = identities([row(question.unit), ...(byUnit ? [] : keyOf(question, row))]);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()].map((members) => ({
    unit: members[0]!(question.unit),
    key: byUnit
      ? question.keys.map((key) =>
          least(
            key.type,
            members.map((row) => row(key.column)),
          ),
        )
      : keyOf(question, members[0]!),
    rows: members,
  }));
}

function keyOf(question: BoundedQuestion, row: Row): Value[] {
  return question.keys.map((key) => oneZero(row(key.column)));
}

function least(type: SqlType, values: readonly Value[]): Value {
  const present = values.filter((value) => value !== null);
  return oneZero(present.sort((a, b) => compareValues(type, a, b))[0] ?? null);
}

type Types = ReadonlyMap<number, SqlType>;

function pairHash(
  question: BoundedQuestion,
  pair: Pair,
  salt: bigint,
  types: Types,
  more: readonly { type: SqlType; value: Value }[] = [],
): bigint {
  return portableHash(salt, [
    { type: types.get(question.unit)!, value: pair.unit },
    ...question.keys.map((key, index) => ({ type: key.type, value: pair.key[index] ?? null })),
    ...more,
  ]);
}

/** Pairs hashed strictly below their unit's (groups+1)-th smallest. */
function keep(pairs: readonly Pair[], question: BoundedQuestion, salt: bigint, types: Types): Pair[] {
  const { groups } = question;
  if (groups === null || question.path !== 'pairs') return [...pairs];
  const hashed = pairs.map((pair) => ({ pair, hash: pairHash(question, pair, salt, types) }));
  return hashed
    .filter(({ pair, hash }) => {
      const own = hashed
        .filter((other) => identity(other.pair.unit) === identity(pair.unit))
        .map((other) => other.hash);
      const threshold = smallest(own)[groups];
      return threshold === undefined || hash < threshold;
    })
    .map(({ pair }) => pair);
}

function smallest(hashes: readonly bigint[]): bigint[] {
  return [...hashes].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function groupsOf(
  question: BoundedQuestion,
  set: readonly number[],
  pairs: readonly Pair[],
  salt: bigint,
  types: Types,
): Group[] {
  const groups = new Map<string, { key: Value[]; pairs: Pair[] }>();
  if (set.length === 0) groups.set('[]', { key: question.keys.map(() => null), pairs: [] });
  for (const pair of pairs) {
    const name = identities(set.map((index) => pair.key[index] ?? null));
    const key = pair.key.map((value, index) => (set.includes(index) ? value : null));
    const group = groups.get(name) ?? { key, pairs: [] };
    group.pairs.push(pair);
    groups.set(name, group);
  }
  const selected = question.minimumUnits !== null && set.some((index) => question.keys[index]?.domain === null);
  return [...groups.values()]
    .filter((group) => !selected || unitsIn(group.pairs) >= BigInt(question.minimumUnits!))
    .map((group) => ({
      key: group.key,
      statistics: question.statistics.map((statistic) => statisticOf(statistic, group.pairs, question, salt, types)),
    }));
}

function unitsIn(pairs: readonly Pair[]): bigint {
  return BigInt(new Set(pairs.map((pair) => identity(pair.unit))).size);
}

function statisticOf(
  statistic: Statistic,
  pairs: readonly Pair[],
  question: BoundedQuestion,
  salt: bigint,
  types: Types,
): bigint {
  const { where } = statistic;
  const counted = pairs.map((pair) => ({
    pair,
    rows: where === null ? pair.rows : pair.rows.filter((row) => row(where) === true),
  }));
  switch (statistic.kind) {
    case 'units':
      return unitsIn(counted.filter(({ rows }) => rows.length > 0).map(({ pair }) => pair));
    case 'count':
      return counted.reduce((sum, { rows }) => sum + BigInt(Math.min(rows.length, statistic.rows)), 0n);
    case 'sum':
      return counted.reduce((sum, { rows }) => sum + pairSum(statistic, rows), 0n);
    case 'distinct': {
      const type = types.get(statistic.input)!;
      const values = counted.flatMap(({ pair, rows }) => {
        const own = new Map(
          rows
            .map((row) => oneZero(row(statistic.input)))
            .filter((value) => value !== null)
            .map((value) => [identity(value), value]),
        );
        const hashed = [...own.values()].map((value) => ({
          value,
          hash: pairHash(question, pair, salt, types, [{ type, value }]),
        }));
        const threshold = smallest(hashed.map(({ hash }) => hash))[statistic.rows];
        return hashed
          .filter(({ hash }) => threshold === undefined || hash < threshold)
          .map(({ value }) => identity(value));
      });
      return BigInt(new Set(values).size);
    }
  }
}

function pairSum(statistic: Extract<Statistic, { kind: 'sum' }>, rows: readonly Row[]): bigint {
  const z = rows
    .map((row) => onLattice(row(statistic.input), statistic.lattice))
    .filter((value) => value !== null)
    .map((value) => value - statistic.centre);
  const sum = z.reduce((part, value) => part + value, 0n);
  if (statistic.limit === 'scale') {
    return z.length > statistic.rows ? (sum * BigInt(statistic.rows)) / BigInt(z.length) : sum;
  }
  return sum > statistic.high ? statistic.high : sum < statistic.low ? statistic.low : sum;
}

function onLattice(value: Value, lattice: Lattice): bigint | null {
  if (value === null) return null;
  if (typeof value === 'bigint') return clamp(value * lattice.step.denominator, lattice);
  const x = value as number;
  if (x === Infinity) return lattice.high;
  if (x === -Infinity) return lattice.low;
  const scaled = x / toNumber(lattice.step);
  if (!Number.isFinite(scaled)) return scaled > 0 ? lattice.high : lattice.low;
  return clamp(nearest(scaled), lattice);
}

/** Ties go to the even neighbour. */
function nearest(x: number): bigint {
  const [down, up] = [BigInt(Math.floor(x)), BigInt(Math.ceil(x))];
  const [below, above] = [x - Math.floor(x), Math.ceil(x) - x];
  if (below !== above) return below < above ? down : up;
  return down % 2n === 0n ? down : up;
}

function clamp(z: bigint, { low, high }: Lattice): bigint {
  return z > high ? high : z < low ? low : z;
}
