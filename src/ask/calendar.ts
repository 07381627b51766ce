/** The proleptic Gregorian calendar on day numbers since 1970-01-01. */
import { daysOf } from '../policy/iso.ts';

export { daysInMonth, daysOf } from '../policy/iso.ts';

/** A civil date. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Microseconds in a day, a second. */
export const MICROS_PER_DAY = 86_400_000_000n;
export const MICROS_PER_SECOND = 1_000_000n;

/** Civil date of a day number; inverse of `daysOf`. */
export function civilOf(days: number): Civil {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** First and last day of the years that arithmetic may reach: 0001-01-01 and 9999-12-31. */
export const FIRST_DAY: number = daysOf(1, 1, 1);
export const LAST_DAY: number = daysOf(9999, 12, 31);

/** Quotient rounded toward −∞. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** Day on which a timestamp lies. */
export function dayOf(micros: bigint): number {
  return Number(floorDivide(micros, MICROS_PER_DAY));
}

/** Microseconds since midnight. */
export function timeOf(micros: bigint): bigint {
  return micros - BigInt(dayOf(micros)) * MICROS_PER_DAY;
}

/** Day of the week, 0 Sunday. */
export function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** Monday of the ISO week. */
export function mondayOf(days: number): number {
  return days - ((weekdayOf(days) + 6) % 7);
}

/** ISO 8601 week and the year it belongs to, the year of its Thursday. */
export function isoWeekOf(days: number): { readonly year: number; readonly week: number } {
  const thursday = mondayOf(days) + 3;
  const { year } = civilOf(thursday);
  return { year, week: Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1 };
}

/** `YYYY-MM-DD`. */
export function printDate(days: number): string {
  const { year, month, day } = civilOf(days);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** `YYYY-MM-DD hh:mm:ss[.ffffff]` without trailing zeros. */
export function printTimestamp(micros: bigint): string {
  const time = timeOf(micros);
  const seconds = Number(time / MICROS_PER_SECOND);
  const fraction = String(time % MICROS_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((figure) => String(figure).padStart(2, '0'))
    .join(':');
  return `${printDate(dayOf(micros))} ${clock}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Lengths of time with a name, as months, days or seconds. */
export type PeriodName = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

/** How many months, days or seconds each is. */
export const PERIODS: Readonly<Record<PeriodName, readonly ['months' | 'days' | 'seconds', bigint]>> = {
  year: ['months', 12n],
  quarter: ['months', 3n],
  month: ['months', 1n],
  week: ['days', 7n],
  day: ['days', 1n],
  hour: ['seconds', 3600n],
  minute: ['seconds', 60n],
  second: ['seconds', 1n],
};
