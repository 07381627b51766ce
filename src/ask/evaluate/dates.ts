/** Functions of dates (day numbers) and timestamps (microseconds). */
import { invariant } from '../../errors.ts';
import {
  civilOf,
  dayOf,
  daysInMonth,
  daysOf,
  FIRST_DAY,
  floorDivide,
  isoWeekOf,
  LAST_DAY,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  mondayOf,
  timeOf,
  weekdayOf,
} from '../calendar.ts';

/** A date or timestamp, told apart by its JavaScript type. */
export type Moment = number | bigint;

const SECONDS: Readonly<Record<string, bigint>> = { hour: 3600n, minute: 60n, second: 1n };

function daysIn(moment: Moment): number {
  return typeof moment === 'bigint' ? dayOf(moment) : moment;
}

function microsIn(moment: Moment): bigint {
  return typeof moment === 'bigint' ? moment : BigInt(moment) * MICROS_PER_DAY;
}

/** A day within the years 0001 to 9999, else NULL. */
export function dateOrNull(days: number): number | null {
  return days >= FIRST_DAY && days <= LAST_DAY ? days : null;
}

/** A timestamp within the years 0001 to 9999, else NULL. */
export function timestampOrNull(micros: bigint): bigint | null {
  return dateOrNull(dayOf(micros)) === null ? null : micros;
}

function within(moment: Moment): Moment | null {
  return typeof moment === 'bigint' ? timestampOrNull(moment) : dateOrNull(moment);
}

/** Same day and month arithmetic for dates and timestamps: the time of day stays. */
function onDay(moment: Moment, days: number): Moment {
  return typeof moment === 'bigint' ? BigInt(days) * MICROS_PER_DAY + timeOf(moment) : days;
}

/** See `SCALARS['date-trunc']`. */
export function dateTrunc(part: string, moment: Moment): Moment | null {
  const seconds = SECONDS[part];
  if (seconds !== undefined) {
    const unit = seconds * MICROS_PER_SECOND;
    return timestampOrNull(floorDivide(microsIn(moment), unit) * unit);
  }
  const days = startOf(part, daysIn(moment));
  return within(typeof moment === 'bigint' ? BigInt(days) * MICROS_PER_DAY : days);
}

function startOf(part: string, days: number): number {
  const { year, month } = civilOf(days);
  switch (part) {
    case 'year':
      return daysOf(year, 1, 1);
    case 'quarter':
      return daysOf(year, month - ((month - 1) % 3), 1);
    case 'month':
      return daysOf(year, month, 1);
    case 'week':
      return mondayOf(days);
    default:
      invariant(part === 'day', 'a date is truncated to a known part');
      return days;
  }
}

/** See `SCALARS['date-part']`. */
export function datePart(part: string, moment: Moment): bigint {
  const seconds = SECONDS[part];
  if (seconds !== undefined) {
    const ofDay = typeof moment === 'bigint' ? timeOf(moment) / MICROS_PER_SECOND : 0n;
    return part === 'hour' ? ofDay / 3600n : (ofDay / seconds) % 60n;
  }
  return BigInt(partOfDay(part, daysIn(moment)));
}

function partOfDay(part: string, days: number): number {
  const { year, month, day } = civilOf(days);
  switch (part) {
    case 'year':
      return year;
    case 'quarter':
      return Math.ceil(month / 3);
    case 'month':
      return month;
    case 'day':
      return day;
    case 'week':
      return isoWeekOf(days).week;
    case 'isoyear':
      return isoWeekOf(days).year;
    case 'dow':
      return weekdayOf(days);
    case 'isodow':
      return weekdayOf(days) || 7;
    case 'doy':
      return days - daysOf(year, 1, 1) + 1;
    default:
      invariant(part === 'decade', 'a date has the part asked for');
      return Math.trunc(year / 10);
  }
}

/** See `SCALARS['date-diff']`. */
export function dateDiff(part: string, from: Moment, to: Moment): bigint {
  const seconds = SECONDS[part];
  if (seconds !== undefined) {
    const unit = seconds * MICROS_PER_SECOND;
    return floorDivide(microsIn(to), unit) - floorDivide(microsIn(from), unit);
  }
  return BigInt(ordinal(part, daysIn(to)) - ordinal(part, daysIn(from)));
}

/** Number of starts of the part up to a day, from an arbitrary origin. */
function ordinal(part: string, days: number): number {
  if (part === 'day') return days;
  if (part === 'week') return (mondayOf(days) - mondayOf(0)) / 7;
  const { year, month } = civilOf(days);
  if (part === 'year') return year;
  const months = year * 12 + month - 1;
  return part === 'quarter' ? Math.floor(months / 3) : months;
}

/** See `SCALARS['date-sub']`. */
export function dateSub(part: string, from: Moment, to: Moment): bigint {
  const [start, end] = [microsIn(from), microsIn(to)];
  switch (part) {
    case 'year':
      return completeMonths(start, end) / 12n;
    case 'quarter':
      return completeMonths(start, end) / 3n;
    case 'month':
      return completeMonths(start, end);
    case 'week':
      return (end - start) / (7n * MICROS_PER_DAY);
    case 'day':
      return (end - start) / MICROS_PER_DAY;
    default: {
      const seconds = SECONDS[part];
      invariant(seconds !== undefined, 'units between dates are known');
      return (end - start) / (seconds * MICROS_PER_SECOND);
    }
  }
}

/** A start day beyond the end's month counts as that month's last day once the end stands on it. */
function completeMonths(start: bigint, end: bigint): bigint {
  if (start > end) return -completeMonths(end, start);
  const [a, b] = [civilOf(dayOf(start)), civilOf(dayOf(end))];
  const months = (b.year - a.year) * 12 + b.month - a.month;
  const last = daysInMonth(b.year, b.month);
  const startDay = b.day === last && a.day > last ? last : a.day;
  const complete = b.day > startDay || (b.day === startDay && timeOf(end) >= timeOf(start));
  return BigInt(complete ? months : months - 1);
}

/** See `SCALARS['add-days']`. The count is clamped first: farther than that leaves the calendar anyway. */
export function addDays(moment: Moment, count: bigint): Moment | null {
  return within(onDay(moment, daysIn(moment) + clampCount(count)));
}

/** See `SCALARS['add-months']`. */
export function addMonths(moment: Moment, count: bigint): Moment | null {
  const { year, month, day } = civilOf(daysIn(moment));
  const months = year * 12 + month - 1 + clampCount(count);
  const [newYear, newMonth] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  return within(onDay(moment, daysOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)))));
}

/** See `SCALARS['add-seconds']`. */
export function addSeconds(moment: Moment, count: bigint): bigint | null {
  return timestampOrNull(microsIn(moment) + count * MICROS_PER_SECOND);
}

/** See `SCALARS['make-date']`. */
export function makeDate(year: bigint, month: bigint, day: bigint): number | null {
  if (year < 1n || year > 9999n || month < 1n || month > 12n || day < 1n) return null;
  const [y, m] = [Number(year), Number(month)];
  return day > BigInt(daysInMonth(y, m)) ? null : daysOf(y, m, Number(day));
}

/** More than the days of any calendar an engine can hold, and an exact double. */
const COUNT_MAX = 10_000_000_000n;

function clampCount(count: bigint): number {
  return Number(count > COUNT_MAX ? COUNT_MAX : count < -COUNT_MAX ? -COUNT_MAX : count);
}
