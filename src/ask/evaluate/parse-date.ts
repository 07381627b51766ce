/** Texts read as dates and timestamps, as DuckDB 1.5 reads them; years outside 0001 to 9999 and infinity are NULL. */
import { daysInMonth, daysOf, MICROS_PER_DAY, MICROS_PER_SECOND } from '../calendar.ts';
import { dateOrNull, timestampOrNull } from './dates.ts';

/** Year, month and day apart by one kind of separator; what stands before the day is fixed, what follows is not. */
const DATE = /^[ \t\n\v\f\r]*(-?\d+)([-/\\ ])(\d{1,2})\2(\d{1,2})(?!\d)/;
const EPOCH = /^[ \t\n\v\f\r]*epoch[ \t\n\v\f\r]*$/i;
const BEFORE_CHRIST = /^ \(bc\)/i;
const CLOCK = /^(?:[ \t\n\v\f\r]+|T[ \t\n\v\f\r]*)(\d+):(\d{1,2})(?::(?:(\d{1,2})(?:\.(\d*))?)?)?/;
const ZONE = /^(?:Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?|[ \t\n\v\f\r]*UTC)?[ \t\n\v\f\r]*$/i;

/** Day of `YYYY-M-D` (also with / \ or a space between); anything after the day is not read. */
export function parseDate(text: string): number | null {
  if (EPOCH.test(text)) return 0;
  return leadingDate(text)?.days ?? null;
}

function leadingDate(text: string): { readonly days: number; readonly rest: string } | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
  const rest = text.slice(match[0].length);
  if (BEFORE_CHRIST.test(rest) || year < 1 || year > 9999) return null;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const days = dateOrNull(daysOf(year, month, day));
  return days === null ? null : { days, rest };
}

/** A date alone, or followed by `h:m[:s[.f]]`; digits beyond microseconds and a zone are read over. */
export function parseTimestamp(text: string): bigint | null {
  if (EPOCH.test(text)) return 0n;
  const date = leadingDate(text);
  if (date === null) return null;
  const midnight = BigInt(date.days) * MICROS_PER_DAY;
  if (date.rest === '') return midnight;
  const clock = CLOCK.exec(date.rest);
  if (clock === null || !ZONE.test(date.rest.slice(clock[0].length))) return null;
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? '0')];
  const micros = BigInt((clock[4] ?? '').slice(0, 6).padEnd(6, '0'));
  if (minutes > 59 || seconds > 59 || hours > 24) return null;
  if (hours === 24 && (minutes > 0 || seconds > 0 || micros > 0n)) return null;
  return timestampOrNull(midnight + BigInt(hours * 3600 + minutes * 60 + seconds) * MICROS_PER_SECOND + micros);
}
