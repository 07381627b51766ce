/** `gauze budget history`: how budgets were set and spent, from the journal alone. */
import { accountsOf, numberOf } from '../../charge/account.ts';
import { DELTA_UNITS } from '../../charge/amount.ts';
import type { ChargeEntry, CheckpointEntry, PolicyEntry, WriteOffEntry } from '../../charge/entry.ts';
import { readSpend } from '../../charge/written.ts';
import type { PrivacyEvent } from '../../dp/event.ts';
import { rational } from '../../dp/rational.ts';
import type { Chronicle } from '../../evidence/chronicle.ts';
import { inOffice } from '../../index/office.node.ts';
import type { Policy } from '../../policy/policy.ts';
import { type Notions, notionsOfAll } from '../../session/notions.ts';
import { type Format, fail, print } from '../output.ts';
import { recordsOf } from '../records.ts';
import { printList } from '../tabular.ts';
import { proseWidth, wrapped } from '../wrap.ts';

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
    const { chronicle, rules } = await inOffice(flags, ['officer', 'auditor'], recordsOf);
    const events = historyOf(chronicle);
    const together = togetherOf(chronicle, rules);
    if (flags.format === 'json') print([JSON.stringify({ history: events, together })]);
    else if (events.length === 0 && flags.format === 'table') print(['Nothing was asked yet.']);
    else printList(columnsOf(events), flags.format);
    for (const line of flags.format === 'table' ? together.flatMap(linesOf) : []) process.stderr.write(`${line}\n`);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** A data set's history in every notion of loss. */
interface Together {
  readonly dataset: string;
  readonly charges: number;
  readonly notions: Notions;
}

/** What the charges of each data set come to together, at the δ of its largest budget. */
function togetherOf({ told }: Chronicle, rules: Policy): readonly Together[] {
  const events = new Map<string, PrivacyEvent[]>();
  for (const { content } of told) {
    if (content.kind !== 'reserve') continue;
    events.set(content.dataset, [...(events.get(content.dataset) ?? []), content.event]);
  }
  return [...events].map(([dataset, all]) => {
    const limits = accountsOf(rules).flatMap(({ id, limit }) => (id.dataset === dataset ? [limit.delta] : []));
    const delta = limits.reduce((most, one) => (one > most ? one : most), 0n);
    return { dataset, charges: all.length, notions: notionsOfAll(all, rational(delta, DELTA_UNITS)) };
  });
}

function linesOf({ dataset, charges, notions: { delta, best: _, ...said } }: Together): string[] {
  const names = { basic: 'basic', zcdp: 'zCDP', renyi: 'Rényi', pld: 'privacy loss distributions' };
  const parts = (Object.keys(names) as (keyof typeof names)[]).flatMap((name) =>
    said[name] === null ? [] : [`${names[name]} ε ${Number(said[name].toPrecision(6))}`],
  );
  const text = `note: The ${charges} charges to ${dataset}, had they been fixed in advance, come to ${parts.join(', ')} at δ ${delta}. That explains the past; budgets count as budget show says.`;
  return wrapped(text, proseWidth(process.stderr), 2);
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
