/**
 * A zone's changes of offset. Engines bring tables of zones of their own, of other years, or none; here every engine
 * takes those of the platform's `Intl`.
 */

/** From `at` on (seconds since 1970, UTC) clocks are `offset` seconds ahead of UTC. */
export interface OffsetChange {
  readonly at: number;
  readonly offset: number;
}

const DAY = 86_400;
/** The first change of any zone was in 1844. */
const FROM = Date.UTC(1840, 0, 1) / 1000;
/** Rules of summer time are continued until then; after that the offset of that moment stays: Berlin +1, Sydney +11. */
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
