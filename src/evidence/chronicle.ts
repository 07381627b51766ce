/** The journal as evidence reads it: what was said when, and what a check of the whole chain found. */
import type { ChargeEntry, Content } from '../charge/entry.ts';
import type { Place } from '../charge/place.ts';
import type { Verify } from '../crypto/sign.ts';
import { type ChainVerdict, verifyChain } from './chain.ts';
import type { Bytes } from './lines.ts';

/** An entry as it was told; entries count from 1. */
export interface Told<Said extends Content = Content> {
  readonly entry: number;
  readonly hash: string;
  readonly content: Said;
}

export interface Chronicle {
  readonly told: readonly Told[];
  readonly verdict: ChainVerdict;
  /** How each charge ended, by its hash. */
  readonly outcomes: ReadonlyMap<string, 'released' | 'failed'>;
}

/** A span of time, both ends in it; ISO 8601, UTC. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const NEWLINE = new Uint8Array([10]);

/**
 * Reads and checks a journal.
 *
 * @param lines - its entries, as stored
 * @param publicKey - the key that the data holder has now; null where nobody signs
 * @param archives - what was put away of it, oldest first
 */
export async function chronicleOf(
  lines: readonly Uint8Array[],
  publicKey: string | null,
  verify: Verify,
  archives: readonly Bytes[] = [],
): Promise<Chronicle> {
  const told: Told[] = [];
  const outcomes = new Map<string, 'released' | 'failed'>();
  const verdict = await verifyChain(bytesOf(lines), {
    ...(publicKey === null ? {} : { publicKey }),
    verify,
    archives,
    seen: ({ entry: { sequence, content }, hash }) => {
      told.push({ entry: sequence + 1, hash, content });
      if (content.kind === 'settle') outcomes.set(content.reservation, content.outcome);
    },
  });
  return { told, verdict, outcomes };
}

async function* bytesOf(lines: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) {
    yield line;
    yield NEWLINE;
  }
}

/** Entries of one kind, within a period or ever. */
export function toldOf<Kind extends Content['kind']>(
  { told }: Chronicle,
  kind: Kind,
  period: Period | null = null,
): Told<Extract<Content, { kind: Kind }>>[] {
  return told.filter(
    (one): one is Told<Extract<Content, { kind: Kind }>> =>
      one.content.kind === kind && isWithin(one.content.time, period),
  );
}

/** Charges, of reads and of answers that were released before, in order. */
export function chargesOf(chronicle: Chronicle, period: Period | null = null): Told<ChargeEntry>[] {
  return [...toldOf(chronicle, 'reserve', period), ...toldOf(chronicle, 'recharge', period)].sort(
    (a, b) => a.entry - b.entry,
  ) as Told<ChargeEntry>[];
}

/** The place of the newest entry, for whoever reads what was made of it. */
export function headOf({ verdict }: Chronicle): Place | null {
  return verdict.head;
}

/** Until when entries lie in archives that were not read; null where none do. */
export function archivedUntil(first: Content | undefined): string | null {
  return first?.kind === 'checkpoint' ? first.state.records.latest : null;
}

/** What evidence of a journal does not count, in words; null where every entry was read. */
export function archiveNote({ told: [first] }: Chronicle): string | null {
  const until = archivedUntil(first?.content);
  if (until === null || first === undefined) return null;
  return `The records read here begin at ${first.content.time}. Earlier ones, until ${until}, lie in an archive that was not given: they are not listed and not counted, except in the sums that budgets have spent.`;
}

function isWithin(time: string, period: Period | null): boolean {
  return period === null || (time >= period.from && time <= period.to);
}
