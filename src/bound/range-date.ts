/** Intervals of the parts of dates. */
import { evaluate } from '../ask/evaluate.ts';
import type { Call } from '../ask/ir.ts';
import { asExact, type Extent, exact } from './interval.ts';
import { makeLiteral } from './make-expr.ts';

/** What each part can be, whatever the date. */
const PARTS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  year: [1n, 9999n],
  isoyear: [0n, 10_000n],
  decade: [0n, 999n],
  quarter: [1n, 4n],
  month: [1n, 12n],
  day: [1n, 31n],
  week: [1n, 53n],
  dow: [0n, 6n],
  isodow: [1n, 7n],
  doy: [1n, 366n],
  hour: [0n, 23n],
  minute: [0n, 59n],
  second: [0n, 59n],
};

/** The coarser part that must not change for this one to rise with the date; null: it always rises. */
const WITHIN: Readonly<Record<string, string | null>> = {
  year: null,
  isoyear: null,
  decade: null,
  quarter: 'year',
  month: 'year',
  doy: 'year',
  week: 'isoyear',
  day: 'month',
  isodow: 'week',
  hour: 'day',
};

/** Extent of `date_part(part, d)`: the part's own, narrower where d stays within one period that holds it. */
export function datePartExtent(call: Call, moments: Extent): Extent {
  const part = call.args[0]?.kind === 'literal' ? String(call.args[0].value) : '';
  const any = PARTS[part];
  if (any === undefined) return exact(null, null);
  const whole = asExact(moments);
  if (whole === 'never') return whole;
  if (whole === null || whole.low === null || whole.high === null) return exact(any[0], any[1]);
  const [low, high] = [whole.low, whole.high];
  return rises(call, part, low, high)
    ? exact(partAt(call, part, low), partAt(call, part, high))
    : exact(any[0], any[1]);
}

function rises(call: Call, part: string, low: bigint, high: bigint): boolean {
  const within = WITHIN[part];
  if (within === undefined) return false;
  return (
    within === null || (partAt(call, within, low) === partAt(call, within, high) && rises(call, within, low, high))
  );
}

function partAt(call: Call, part: string, moment: bigint): bigint {
  const [name, of] = call.args;
  const type = of?.type ?? 'date';
  const literals = [
    makeLiteral('text', part, (name ?? call).span),
    makeLiteral(type, type === 'date' ? Number(moment) : moment, call.span),
  ];
  return BigInt(evaluate({ ...call, args: literals }, () => null) as bigint);
}
