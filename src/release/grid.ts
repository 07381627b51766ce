/** Which groups a grouping set has: every combination of public values, or the engine's candidates where a key is private. */
import type { Value } from '../ask/types.ts';
import type { BoundedKey } from '../bound/bounded.ts';
import type { ExactSet } from '../engine/sealed.ts';
import { GauzeError, invariant } from '../errors.ts';
import { orderByRanks, type Ranks, ranksByList, ranksByValue, sortedValues } from './key-order.ts';

/** Groups in key order. */
export interface Grid {
  readonly groups: number;
  /** One column per key of the question; keys absent from the set hold null. */
  readonly keys: readonly (readonly Value[])[];
  /** Row of the exact set behind each group; −1 where data have none: all its statistics are 0. */
  readonly rows: Int32Array;
}

const GROUPS_MAX = 1_000_000;

/** Public values of a key in key order. */
interface Places {
  readonly values: readonly Value[];
  /** Place of a value, undefined outside the domain. */
  at(value: Value): number | undefined;
}

/**
 * The groups of one grouping set.
 *
 * @param enumerated - per key, values of its public relation, else null
 * @throws GauzeError QUERY_TOO_LARGE when public relations have more than 1,000,000 combinations
 */
export function gridOf(
  keys: readonly BoundedKey[],
  set: readonly number[],
  enumerated: readonly (readonly Value[] | null)[],
  exact: ExactSet,
): Grid {
  const places = set.map((key) => placesOf(keys[key] as BoundedKey, enumerated[key] ?? null));
  const known = places.filter((place) => place !== null);
  const grid = known.length === places.length ? fullGrid(set, known, exact) : candidates(set, places, exact);
  const columns = keys.map(
    (_, key): readonly Value[] => grid.keys[set.indexOf(key)] ?? new Array<Value>(grid.rows.length).fill(null),
  );
  return { groups: grid.rows.length, keys: columns, rows: grid.rows };
}

interface Placed {
  /** One column per key of the set. */
  readonly keys: readonly (readonly Value[])[];
  readonly rows: Int32Array;
}

function placesOf(key: BoundedKey, enumerated: readonly Value[] | null): Places | null {
  const { domain } = key;
  if (domain === null) return null;
  switch (domain.kind) {
    case 'list':
      return placed([...new Set(domain.values)]);
    case 'span':
      return spanned(domain.low, domain.high, key.type === 'date');
    case 'relation': {
      invariant(enumerated !== null, 'the engine enumerates public relations');
      return placed(sortedValues(new Set(enumerated.filter((value) => value !== null))));
    }
  }
}

function placed(values: readonly Value[]): Places {
  const places = new Map(values.map((value, place) => [value, place]));
  return { values, at: (value) => places.get(value) };
}

function spanned(low: bigint, high: bigint, dates: boolean): Places {
  const size = Math.max(0, Number(high - low) + 1);
  if (size > GROUPS_MAX) throw tooLarge();
  const values = Array.from({ length: size }, (_, place): Value => {
    const value = low + BigInt(place);
    return dates ? Number(value) : value;
  });
  const first = dates ? Number(low) : low;
  return {
    values,
    at(value) {
      if (typeof value !== typeof first) return undefined;
      const place = Number(value) - Number(first);
      // Far outside, doubles may not tell integers apart; inside, the value at the place is compared.
      return values[place] === value ? place : undefined;
    },
  };
}

/** The full product, whatever the data hold; rows outside it are dropped. */
function fullGrid(set: readonly number[], places: readonly Places[], exact: ExactSet): Placed {
  const groups = places.reduce((product, place) => product * place.values.length, 1);
  if (groups > GROUPS_MAX) throw tooLarge();
  const rows = new Int32Array(groups).fill(-1);
  const cell = new Float64Array(exact.groups);
  places.forEach((place, index) => {
    const values = exact.keys[set[index] as number] as readonly Value[];
    // NaN marks a value outside the domain and stays NaN.
    for (let i = 0; i < exact.groups; i++)
      cell[i] = cell[i]! * place.values.length + (place.at(values[i] ?? null) ?? Number.NaN);
  });
  for (let i = 0; i < exact.groups; i++) if (!Number.isNaN(cell[i])) rows[cell[i] as number] = i;
  let repeat = groups;
  const keys = places.map(({ values }) => {
    repeat /= Math.max(1, values.length);
    return repeated(values, repeat, groups);
  });
  return { keys, rows };
}

/** Every value `each` times, over and over, up to `length`. */
function repeated(values: readonly Value[], each: number, length: number): readonly Value[] {
  const column = new Array<Value>(length);
  for (let group = 0, place = 0; group < length; place = (place + 1) % values.length) {
    for (let i = 0; i < each; i++, group++) column[group] = values[place] as Value;
  }
  return column;
}

/** The engine's groups in key order; those with a public key outside its domain are dropped. */
function candidates(set: readonly number[], places: readonly (Places | null)[], exact: ExactSet): Placed {
  const inside: number[] = [];
  for (let row = 0; row < exact.groups; row++) {
    if (places.every((place, index) => place === null || place.at(valueAt(exact, set, index, row)) !== undefined))
      inside.push(row);
  }
  const columns = set.map((_, index) => inside.map((row) => valueAt(exact, set, index, row)));
  const ranks = columns.map((values, index): Ranks => {
    const place = places[index] ?? null;
    return place === null ? ranksByValue(values) : ranksByList(values, place.at, place.values.length);
  });
  const order = orderByRanks(ranks, inside.length);
  return {
    keys: columns.map((values) => Array.from(order, (row) => values[row] as Value)),
    rows: Int32Array.from(order, (row) => inside[row] as number),
  };
}

function valueAt(exact: ExactSet, set: readonly number[], index: number, row: number): Value {
  return exact.keys[set[index] as number]?.[row] ?? null;
}

function tooLarge(): GauzeError {
  return new GauzeError('QUERY_TOO_LARGE', {
    message: `The public keys of this question have more than ${GROUPS_MAX} combinations.`,
    next: 'Use coarser keys, fewer keys, or narrow them with WHERE.',
  });
}
