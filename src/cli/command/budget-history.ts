/** `gauze budget history`: how budgets were set and spent, from the journal alone. */
import { numberOf } from '../../charge/account.ts';
import type { ChargeEntry, CheckpointEntry, PolicyEntry, WriteOffEntry } from '../../charge/entry.ts';
import { readSpend } from '../../charge/written.ts';
import type { Chronicle } from '../../evidence/chronicle.ts';
import { inOffice } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { recordsOf } from '../records.ts';
import { printList } from '../tabular.ts';

/** One line of the history. */
interface Event {
  readonly entry: number;
  readonly time: string;
  /** What happened: a charge and how it ended, other rules, a loss written off, all before it put away. */
  readonly what: 'answered' | 'failed' | 'unfinished' | 'shared' | 'policy' | 'write-off' | 'archived';
  readonly who: string | null;
  readonly dataset: string | null;
  readonly purpose: string | null;
  readonly epsilon: number | null;
  readonly delta: number | null;
  readonly about: string;
}

/** Lists every charge and every change of rules, oldest first; exit code. */
export async function budgetHistory(flags: {
  readonly policy: string;
  readonly as?: string;
  readonly format: Format;
}): Promise<number> {
  try {
    const events = await inOffice(flags, ['officer', 'auditor'], async (office) =>
      historyOf((await recordsOf(office)).chronicle),
    );
    if (flags.format === 'json') print([JSON.stringify({ history: events })]);
    else if (events.length === 0) print(['Nothing was asked yet.']);
    else printList(columnsOf(events), flags.format);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function historyOf({ told, outcomes }: Chronicle): Event[] {
  return told.flatMap(({ entry, hash, content }): Event[] => {
    if (content.kind === 'policy') return [ofPolicy(entry, content)];
    if (content.kind === 'write-off') return [ofWriteOff(entry, content)];
    if (content.kind === 'checkpoint') return [ofCheckpoint(entry, content)];
    const isCharge = content.kind === 'reserve' || content.kind === 'recharge';
    return isCharge ? [ofCharge(entry, content, outcomes.get(hash) ?? null)] : [];
  });
}

function ofCharge(entry: number, charge: ChargeEntry, outcome: 'released' | 'failed' | null): Event {
  const ended = outcome === 'released' ? 'answered' : (outcome ?? 'unfinished');
  return {
    entry,
    time: charge.time,
    what: charge.kind === 'recharge' ? 'shared' : ended,
    who: charge.principal,
    dataset: charge.dataset,
    purpose: charge.purpose ?? null,
    ...numberOf(readSpend(charge.spend)),
    about: charge.question ?? '',
  };
}

function ofPolicy(entry: number, { time, by, widened, digest }: PolicyEntry): Event {
  const about = widened.length === 0 ? `rules ${digest.slice(0, 12)}` : widened.join(' ');
  return { entry, time, what: 'policy', who: by, dataset: null, purpose: null, epsilon: null, delta: null, about };
}

function ofWriteOff(entry: number, { time, by, reason }: WriteOffEntry): Event {
  const nobody = { dataset: null, purpose: null, epsilon: null, delta: null };
  return { entry, time, what: 'write-off', who: by, ...nobody, about: reason };
}

function ofCheckpoint(entry: number, { time, by }: CheckpointEntry): Event {
  const nobody = { dataset: null, purpose: null, epsilon: null, delta: null };
  const about = `entries up to ${entry - 1} lie in an archive; their sums go on here`;
  return { entry, time, what: 'archived', who: by, ...nobody, about };
}

function columnsOf(events: readonly Event[]): Parameters<typeof printList>[0] {
  const column = (name: keyof Event, title: string = name) => ({ name, title, values: events.map((one) => one[name]) });
  return [
    column('entry'),
    column('time'),
    column('what'),
    column('who'),
    column('dataset', 'data set'),
    column('purpose'),
    column('epsilon', 'ε'),
    column('delta', 'δ'),
    column('about'),
  ];
}
