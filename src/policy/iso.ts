/** Dates and timestamps as policies write them: ISO 8601, proleptic Gregorian, years 0001 to 9999, no zone. */

const MICROSECONDS_PER_DAY = 86_400_000_000n;

/** Days since 1970-01-01 of `YYYY-MM-DD`; null when it is no such date. */
export function parseIsoDate(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysOf(year, month, day);
}

/** Microseconds since the epoch of `YYYY-MM-DD[T ]hh:mm[:ss[.ffffff]]`; null when it is no such timestamp. */
export function parseIsoTimestamp(text: string): bigint | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/.exec(text);
  const days = match === null ? null : parseIsoDate(match[1]!);
  if (match === null || days === null) return null;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4] ?? '0')];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const microseconds = BigInt((match[5] ?? '').padEnd(6, '0'));
  return startOfDay(days) + BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n + microseconds;
}

/** First microsecond of a day. */
export function startOfDay(days: number): bigint {
  return BigInt(days) * MICROSECONDS_PER_DAY;
}

/** Last microsecond of a day. */
export function endOfDay(days: number): bigint {
  return startOfDay(days + 1) - 1n;
}

/** Days in a month. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Day number, from 1970-01-01 on, of a civil date that exists. Counts from March, so that the leap day ends the year. */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
