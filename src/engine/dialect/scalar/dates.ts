/** Dates and timestamps of the years 0001–9999; weeks are ISO weeks. What falls outside is NULL. */
import type { Call } from '../../../ask/ir.ts';
import { invariant } from '../../../errors.ts';
import { convert } from '../convert.ts';
import { bigintSql } from '../literal.ts';
import { clean, integer, naming, type Printed, printed } from '../printed.ts';

const PARTS: ReadonlySet<string> = new Set([
  'millennium',
  'century',
  'decade',
  'year',
  'isoyear',
  'quarter',
  'month',
  'week',
  'day',
  'dow',
  'isodow',
  'doy',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
  'epoch',
]);

export function dateTrunc(args: readonly Printed[], call: Call): Printed {
  const value = clean((args as [Printed, Printed])[1]);
  const type = call.type === 'timestamp' ? 'timestamp' : 'date';
  const stored = type === 'date' ? 'DATE' : 'TIMESTAMP';
  return printed(`CAST(date_trunc(${part(call)}, ${value.sql}) AS ${stored})`, type, { wild: true });
}

export function datePart(args: readonly Printed[], call: Call): Printed {
  const value = clean((args as [Printed, Printed])[1]);
  const sql = `date_part(${part(call)}, ${value.sql})`;
  if (call.type === 'double') return printed(`CAST(${sql} AS DOUBLE)`, 'double', { infinite: false });
  return integer(`CAST(${sql} AS BIGINT)`, -(1n << 40n), 1n << 40n);
}

/** Boundaries of the part crossed from the first moment to the second. */
export function dateDiff(args: readonly Printed[], call: Call): Printed {
  return between('date_diff', args, call);
}

/** Complete units from the first moment to the second. */
export function dateSub(args: readonly Printed[], call: Call): Printed {
  return between('date_sub', args, call);
}

export function addDays(args: readonly Printed[]): Printed {
  const [value, count] = args as [Printed, Printed];
  if (value.stored === 'DATE') {
    const days = within(count, 1n << 30n);
    return printed(`(${clean(value).sql} + CAST(${days} AS INTEGER))`, 'date', { wild: true });
  }
  const days = within(count, 10_000_000n);
  return printed(`(${clean(value).sql} + to_days(CAST(${days} AS INTEGER)))`, 'timestamp', { wild: true });
}

/** A day that the month does not have becomes its last. */
export function addMonths(args: readonly Printed[]): Printed {
  const [value, count] = args as [Printed, Printed];
  const moved = `(${clean(value).sql} + to_months(CAST(${within(count, 1_000_000n)} AS INTEGER)))`;
  return value.stored === 'DATE'
    ? printed(`CAST(${moved} AS DATE)`, 'date', { wild: true })
    : printed(moved, 'timestamp', { wild: true });
}

export function addSeconds(args: readonly Printed[]): Printed {
  const [value, count] = args as [Printed, Printed];
  const moment = convert(clean(value), 'timestamp');
  return printed(`(${moment.sql} + to_seconds(${within(count, 1_000_000_000_000n)}))`, 'timestamp', { wild: true });
}

/** NULL for a day that does not exist. */
export function makeDate(args: readonly Printed[]): Printed {
  const [year, month, day] = args.map((arg) => convert(arg, 'integer').sql) as [string, string, string];
  const sql = naming(
    [year, month, day],
    (y, m, d) =>
      `(CASE WHEN ${y} BETWEEN 1 AND 9999 AND ${m} BETWEEN 1 AND 12 AND ${d} BETWEEN 1 AND 31 ` +
      `THEN TRY_CAST(concat(lpad(CAST(${y} AS VARCHAR), 4, '0'), '-', ${m}, '-', ${d}) AS DATE) END)`,
  );
  return printed(sql, 'date');
}

function between(name: 'date_diff' | 'date_sub', args: readonly Printed[], call: Call): Printed {
  const [, from, to] = args as [Printed, Printed, Printed];
  const alike = from.stored === to.stored;
  const [a, b] = [from, to].map((moment) => clean(alike ? moment : convert(moment, 'timestamp'))) as [Printed, Printed];
  if (name === 'date_diff' && part(call) === "'week'") {
    return integer(`(${weekOf(b)} - ${weekOf(a)})`, -(1n << 20n), 1n << 20n);
  }
  return integer(`${name}(${part(call)}, ${a.sql}, ${b.sql})`, -(1n << 60n), 1n << 60n);
}

/**
 * Weeks since Monday, 0001-01-01, the first day of the calendar. DuckDB's own difference of weeks counts those around
 * 1970 as one, for it divides days since 1970 toward zero.
 */
function weekOf({ sql, stored }: Printed): string {
  return `((${stored === 'DATE' ? sql : `CAST(${sql} AS DATE)`} - DATE '0001-01-01') // 7)`;
}

/** Steps beyond `reach` lead out of the calendar anyway; kept small so that no addition can overflow. */
function within(count: Printed, reach: bigint): string {
  const whole = convert(count, 'integer');
  if (whole.low >= -reach && whole.high <= reach) return whole.sql;
  const [low, high] = [bigintSql(-reach), bigintSql(reach)];
  return naming(
    [whole.sql],
    (x) => `(CASE WHEN ${x} > ${high} THEN ${high} WHEN ${x} < ${low} THEN ${low} ELSE ${x} END)`,
  );
}

function part(call: Call): string {
  const [name] = call.args;
  invariant(
    name?.kind === 'literal' && typeof name.value === 'string' && PARTS.has(name.value),
    'date functions name a known part',
  );
  return `'${name.value}'`;
}
