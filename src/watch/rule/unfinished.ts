/** Charges whose outcome never came: a crash, or somebody who ended the process before the answer was written down. */
import type { ChargeEntry } from '../../charge/entry.ts';
import type { Rule } from './rule.ts';

const MINUTE_MS = 60_000;

/** Tells each once, at the first entry that comes late enough after it. It counts as spent all the same. */
export function unfinished(): Rule {
  /** By hash, oldest first. */
  const open = new Map<string, { readonly charge: ChargeEntry; readonly at: number }>();
  return ({ content, place, at, policy, opens }) => {
    if (content.kind === 'settle') open.delete(content.reservation);
    if (content.kind === 'checkpoint' && opens) {
      for (const { hash, entry } of content.state.unsettled)
        open.set(hash, { charge: entry, at: Date.parse(entry.time) });
    }
    const minutes = policy.governance.watch.unfinished?.minutes ?? null;
    const late = [...overdue(open, minutes === null ? Number.POSITIVE_INFINITY : at - minutes * MINUTE_MS)];
    for (const [hash] of late) open.delete(hash);
    if (content.kind === 'reserve') open.set(place.hash, { charge: content, at });
    // What was late when it was archived was told then.
    if (minutes === null || (content.kind === 'checkpoint' && opens)) return [];
    return late.map(([hash, { charge }]) => {
      const { principal, dataset, purpose = null, time } = charge;
      return {
        severity: 'warning',
        ...{ dataset, principal, purpose },
        message: `A charge of ${principal} on ${dataset} has had no outcome for ${minutes} minutes. It counts as spent.`,
        fields: { charged: time, charge: hash, minutes },
      };
    });
  };
}

function* overdue<One extends { readonly at: number }>(
  open: ReadonlyMap<string, One>,
  until: number,
): Generator<readonly [string, One]> {
  for (const one of open) {
    if (one[1].at > until) return;
    yield one;
  }
}
