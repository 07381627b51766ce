/** Aggregates over the rows of a group, and sums in the one order that has one value. */
import { compareValues, type Row } from '../../../src/ask/evaluate.ts';
import type { AggregateCall } from '../../../src/ask/ir.ts';
import type { Value } from '../../../src/ask/types.ts';
import { identity, oneZero } from './database.ts';
import { type Surroundings, valueIn } from './expression.ts';
import { continuousQuantile, discreteQuantile, firstValue, mostCommon, spread } from './order-statistics.ts';

const LOW = -(2n ** 63n);
const HIGH = 2n ** 63n - 1n;

/** Sum: integers exact, NULL beyond 64 bits; doubles in ascending order. NULL of nothing. */
export function total(values: readonly Value[]): Value {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  if (typeof present[0] === 'bigint') {
    const sum = present.reduce<bigint>((part, value) => part + (value as bigint), 0n);
    return sum < LOW || sum > HIGH ? null : sum;
  }
  const sum = [...(present as number[])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).reduce((part, x) => part + x, 0);
  return Number.isNaN(sum) ? null : sum;
}

/** Sum divided by the number of values. */
export function average(values: readonly Value[]): Value {
  const sum = total(values);
  if (sum === null) return null;
  return Number(sum) / values.filter((value) => value !== null).length;
}

/** Least (sign −1) or greatest (sign 1) value. */
export function extremeOf(values: readonly Value[], type: AggregateCall['args'][number]['type'], sign: number): Value {
  let best: Value = null;
  for (const value of values) {
    if (value !== null && (best === null || compareValues(type, value, best) * sign > 0)) best = value;
  }
  return oneZero(best);
}

/** Value of an aggregate over rows. */
export function aggregateOf(call: AggregateCall, rows: readonly Row[], around: Surroundings): Value {
  const { filter } = call;
  const counted = filter === null ? rows : rows.filter((row) => valueIn(filter, row, around) === true);
  const [x, by] = call.args;
  if (x === undefined) return BigInt(counted.length);
  const values = counted.map((row) => oneZero(valueIn(x, row, around)));
  const present = values.filter((value) => value !== null);
  switch (call.name) {
    case 'count':
      return BigInt(present.length);
    case 'count-distinct':
      return BigInt(new Set(present.map(identity)).size);
    case 'sum':
      return total(values);
    case 'avg':
      return average(values);
    case 'min':
      return extremeOf(values, x.type, -1);
    case 'max':
      return extremeOf(values, x.type, 1);
    case 'bool-and':
      return present.length === 0 ? null : present.every((value) => value === true);
    case 'bool-or':
      return present.length === 0 ? null : present.some((value) => value === true);
    case 'arg-min':
    case 'arg-max': {
      const sign = call.name === 'arg-min' ? 1 : -1;
      const pairs = counted
        .map((row, index) => ({ value: values[index] ?? null, order: oneZero(valueIn(by!, row, around)) }))
        .filter(({ value, order }) => value !== null && order !== null)
        .sort((a, b) => compareValues(by!.type, a.order, b.order) * sign || compareValues(x.type, a.value, b.value));
      return pairs[0]?.value ?? null;
    }
    case 'first': {
      const keysOf = (row: Row): Value[] => call.order.map((key) => oneZero(valueIn(key.expr, row, around)));
      const pairs = counted.map((row, index) => ({ value: values[index] ?? null, keys: keysOf(row) }));
      return firstValue(x.type, pairs, call.order);
    }
    case 'mode':
      return mostCommon(x.type, present);
    case 'quantile-cont':
      return continuousQuantile(present, fractionIn(by));
    case 'quantile-disc':
      return discreteQuantile(x.type, present, fractionIn(by));
    case 'var-pop':
      return spread(present, false);
    case 'var-samp':
      return spread(present, true);
    default:
      return BigInt(counted.length);
  }
}

function fractionIn(expr: AggregateCall['args'][number] | undefined): number {
  if (expr?.kind !== 'literal' || typeof expr.value !== 'number')
    throw new Error('A quantile has a constant fraction.');
  return expr.value;
}
