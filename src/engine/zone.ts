/**
 * Zoned timestamps in the local time of a zone, as arithmetic over the zone's changes of offset. Engines bring tables of
 * zones of their own, of other years, or none; here every engine takes those of the platform's `Intl`.
 */

/** From `at` on (seconds since 1970, UTC) clocks are `offset` seconds ahead of UTC. */
export interface OffsetChange {
  readonly at: number;
  readonly offset: number;
}

const DAY = 86_400;
/** The first change of any zone was in 1844. */
const FROM = Date.UTC(1840, 0, 1) / 1000;
/** Rules of summer time are continued until then; after that the winter's offset of the last year stays. */
const UNTIL = Date.UTC(2100, 0, 1) / 1000;
/** No zone changed its offset and back within fewer days (Africa/Freetown in 1939: four). */
const STEP = 2 * DAY;

const known = new Map<string, readonly OffsetChange[]>();

/**
 * Offsets of a zone from 1840 to 2100, ascending; the first holds of all time before, the last of all time after.
 *
 * @param zone - a name that `Intl` knows; policies are refused with others
 */
export function offsetsOf(zone: string): readonly OffsetChange[] {
  const before = known.get(zone);
  if (before !== undefined) return before;
  const clock = clockOf(zone);
  const found: OffsetChange[] = [{ at: FROM, offset: clock(FROM) }];
  const search = (low: OffsetChange, high: OffsetChange): void => {
    if (low.offset === high.offset) return;
    if (high.at - low.at === 1) {
      found.push(high);
      return;
    }
    const at = low.at + Math.floor((high.at - low.at) / 2);
    const middle = { at, offset: clock(at) };
    search(low, middle);
    search(middle, high);
  };
  let last = found[0] as OffsetChange;
  for (let at = FROM + STEP; at < UNTIL + STEP; at += STEP) {
    const next = { at: Math.min(at, UNTIL), offset: clock(Math.min(at, UNTIL)) };
    search(last, next);
    last = next;
  }
  known.set(zone, found);
  return found;
}

/** Seconds that clocks of a zone are ahead of UTC at an instant in seconds. */
function clockOf(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const [month, day, year, hour, minute, second] = (format.format(at * 1000).match(/\d+/g) ?? []).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
  };
}

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
