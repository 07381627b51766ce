/** Zoned timestamps in the local time of a zone, as arithmetic over the zone's changes of offset. */
import { type OffsetChange, offsetsOf } from '../zone.ts';

const DAY = 86_400;

/** Ends of a column's local times in microseconds, both included. */
export interface Within {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * A zoned timestamp as the clocks of a zone showed it; NULL outside the years 0001 to 9999, infinite ones included.
 *
 * @param column - quoted name of a column of type TIMESTAMP WITH TIME ZONE
 * @param within - bounds of the column, which keep the SQL short: beyond them the offset of the nearer end stays
 */
export function localTime(column: string, zone: string, within: Within | null): string {
  const inside = `${column} BETWEEN TIMESTAMPTZ '0001-01-03 00:00:00+00' AND TIMESTAMPTZ '9999-12-29 00:00:00+00'`;
  const offset = offsetSql(column, needed(offsetsOf(zone), within));
  return `CASE WHEN ${inside} THEN make_timestamp(epoch_us(${column}) + ${offset}) END`;
}

/** The offset that holds at the lower end, and the changes up to the higher one. Local times differ from UTC by less than two days. */
function needed(offsets: readonly OffsetChange[], within: Within | null): readonly OffsetChange[] {
  if (within === null) return offsets;
  const [low, high] = [Number(within.low / 1_000_000n) - 2 * DAY, Number(within.high / 1_000_000n) + 2 * DAY];
  const before = offsets.filter(({ at }) => at <= low).length;
  return offsets.slice(Math.max(0, before - 1)).filter(({ at }, index) => index === 0 || at <= high);
}

/** The offset in microseconds, by halving: as many comparisons a row as the list's length has binary digits. */
function offsetSql(column: string, offsets: readonly OffsetChange[]): string {
  const half = Math.floor(offsets.length / 2);
  const [first, middle] = [offsets[0], offsets[half]] as [OffsetChange, OffsetChange];
  if (half === 0) return `CAST(${first.offset * 1_000_000} AS BIGINT)`;
  const [earlier, later] = [offsets.slice(0, half), offsets.slice(half)].map((part) => offsetSql(column, part));
  const at = new Date(middle.at * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `(CASE WHEN ${column} < TIMESTAMPTZ '${at}+00' THEN ${earlier} ELSE ${later} END)`;
}
