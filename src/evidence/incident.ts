/** The records around a span of time, exactly as they stand in the chain, sealed. */
import { GENESIS, type ReadEntry, readEntry, readFirst } from '../charge/journal.ts';
import type { Place } from '../charge/place.ts';
import type { SigningKey, Verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import { SOFTWARE } from '../release/software.ts';
import type { Fault } from './fault.ts';
import { type Sealed, seal, sealFault } from './sealed.ts';
import { Signers } from './signer.ts';

/** What an incident's file says. Nothing in it is rewritten: `entries` are the lines of the journal. */
export interface Incident {
  readonly format: 'gauze-incident-1';
  readonly software: string;
  readonly time: string;
  readonly by: string | null;
  /** Both ends are in it; ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  /** Data sets that an entry of the span is about, sorted. */
  readonly datasets: readonly string[];
  /** Digest of the rules in force when the span began; null before any were recorded. */
  readonly policy: string | null;
  /** The key in force when it began; null in a journal that nobody signed yet. */
  readonly publicKey: string | null;
  /** The entry before the first; null at the beginning of the chain. */
  readonly before: Place | null;
  readonly entries: readonly string[];
  /** The entry after the last; null where there was none yet. */
  readonly after: Place | null;
  /** The newest entry when it was exported. */
  readonly head: Place;
}

export type SealedIncident = Sealed<Incident>;

/** What is exported, by whom, and when. */
export interface IncidentSpan {
  readonly from: string;
  readonly to: string;
  readonly by: string | null;
  readonly time: string;
}

/**
 * Exports the entries from the first to the last whose time lies in a span, with those between them.
 *
 * @param lines - all entries of the journal, as stored
 * @throws GauzeError LEDGER_CORRUPT, USAGE where no entry lies in the span
 */
export function exportIncident(lines: readonly Uint8Array[], span: IncidentSpan, key: SigningKey): SealedIncident {
  const found = between(lines, span);
  const { reads, first, last, policy, publicKey } = found;
  const place = (index: number): Place | null => {
    const read = reads[index];
    return read === undefined ? null : { sequence: read.entry.sequence, hash: read.hash };
  };
  const text = new TextDecoder('utf-8', { fatal: true });
  const body: Incident = {
    format: 'gauze-incident-1',
    software: SOFTWARE,
    time: span.time,
    by: span.by,
    from: span.from,
    to: span.to,
    datasets: datasetsOf(reads.slice(first, last + 1)),
    policy,
    publicKey,
    before: beforeOf(reads[first] as ReadEntry),
    entries: lines.slice(first, last + 1).map((line) => text.decode(line)),
    after: place(last + 1),
    head: place(reads.length - 1) as Place,
  };
  return seal('incident', body, key);
}

/** As the entry itself names it: a journal may begin with a checkpoint, and the entry before that lies in an archive. */
function beforeOf({ entry: { sequence, previous } }: ReadEntry): Place | null {
  return sequence === 0 ? null : { sequence: sequence - 1, hash: previous };
}

interface Found {
  readonly reads: readonly ReadEntry[];
  readonly first: number;
  readonly last: number;
  readonly policy: string | null;
  readonly publicKey: string | null;
}

function between(lines: readonly Uint8Array[], { from, to }: IncidentSpan): Found {
  const reads: ReadEntry[] = [];
  let [first, last] = [-1, -1];
  let rules: string | null = null;
  let key: string | null = null;
  let before: Pick<Found, 'policy' | 'publicKey'> = { policy: null, publicKey: null };
  for (const [index, line] of lines.entries()) {
    const known = reads.at(-1);
    const read = known === undefined ? readFirst(line) : readEntry(line, known.entry.sequence + 1, known.hash);
    const { content } = read.entry;
    reads.push(read);
    if (content.time >= from && content.time <= to) {
      if (first < 0) {
        first = index;
        before = { policy: rules, publicKey: key };
      }
      last = index;
    }
    if (content.kind === 'policy') rules = content.digest;
    if (content.kind === 'key') key = content.publicKey;
    if (content.kind === 'checkpoint') {
      rules = content.state.records.policy?.entry.digest ?? null;
      key = content.state.records.key?.publicKey ?? null;
    }
  }
  if (first >= 0) return { reads, first, last, ...before };
  throw new GauzeError('USAGE', {
    message: `The journal has no entry from ${from} to ${to}.`,
    next: 'Give a wider span with --from and --to; times are UTC.',
  });
}

function datasetsOf(reads: readonly ReadEntry[]): string[] {
  const names = reads.flatMap(({ entry: { content } }) =>
    'dataset' in content && content.dataset !== null ? [content.dataset] : [],
  );
  return [...new Set(names)].sort();
}

/** What came of checking an incident's file. `firstBad` counts entries as the journal does, from 1; 0 is the seal. */
export interface IncidentVerdict {
  readonly valid: boolean;
  readonly entries: number;
  readonly firstBad: Fault | null;
  readonly warnings: readonly string[];
}

/**
 * Checks the seal of an incident's file, and that its entries follow each other and the entry before them, each signed by
 * the key in force. That they stand in the journal the journal shows: give it to `gauze verify` with `--journal`.
 *
 * @param publicKey - as the data holder published it; null: the file's own claim
 */
export function verifyIncident(sealed: SealedIncident, publicKey: string | null, verify: Verify): IncidentVerdict {
  const { body } = sealed;
  const why = isIncident(body) ? sealFault('incident', sealed, publicKey, verify) : 'it is no export of an incident';
  const warnings =
    publicKey === null
      ? [`The key is the file’s own claim: ${sealed.publicKey}. Compare it with the published one.`]
      : [];
  if (why !== null) return { valid: false, entries: 0, firstBad: { entry: 0, why }, warnings };
  const signers = new Signers(null, verify, body.publicKey);
  let previous = body.before;
  for (const [index, text] of body.entries.entries()) {
    const sequence = (body.before?.sequence ?? -1) + 1 + index;
    const fault = entryFault(text, sequence, previous?.hash ?? GENESIS, signers);
    if (typeof fault === 'string') {
      return { valid: false, entries: index, firstBad: { entry: sequence + 1, why: fault }, warnings };
    }
    previous = fault;
  }
  return { valid: true, entries: body.entries.length, firstBad: null, warnings };
}

function entryFault(text: string, sequence: number, previous: string, signers: Signers): Place | string {
  try {
    const read = readEntry(new TextEncoder().encode(text), sequence, previous);
    return signers.fault(read) ?? { sequence, hash: read.hash };
  } catch {
    return 'it does not follow the entry before it, or was changed';
  }
}

function isIncident(body: Incident): boolean {
  return (
    body.format === 'gauze-incident-1' &&
    Array.isArray(body.entries) &&
    body.entries.every((line) => typeof line === 'string') &&
    (body.before === null || Number.isSafeInteger(body.before?.sequence))
  );
}

/** Watches a journal go by, and remembers what an incident's file says of it. */
export class IncidentPlaces {
  readonly #sealed: SealedIncident;
  readonly #hashes: ReadonlyMap<number, string>;
  readonly #held: Set<number> = new Set();
  /** The entry that says the file was made, from 1. */
  #noted: number | null = null;

  /** @param sealed - that `verifyIncident` found valid */
  constructor(sealed: SealedIncident) {
    const { before, after, head, entries } = sealed.body;
    const first = (before?.sequence ?? -1) + 1;
    const own = entries.map((line, index): [number, string] => [first + index, line.slice(0, GENESIS.length)]);
    const places = [after, head].flatMap((place): [number, string][] =>
      place === null ? [] : [[place.sequence, place.hash]],
    );
    this.#sealed = sealed;
    this.#hashes = new Map([...own, ...places]);
  }

  see({ entry: { sequence, content }, hash }: ReadEntry): void {
    if (this.#hashes.get(sequence) === hash) this.#held.add(sequence);
    if (content.kind === 'export' && content.digest === this.#sealed.digest) this.#noted = sequence + 1;
  }

  /** Why the file is no part of the journal that went by; null where it is. */
  fault(): string | null {
    const missing = [...this.#hashes.keys()].find((sequence) => !this.#held.has(sequence));
    return missing === undefined ? null : `the journal has another entry ${missing + 1} than the file, or none`;
  }

  /** Whether the journal says that the file was made. */
  get note(): string {
    return this.#noted === null
      ? 'No entry of the journal says that this file was exported.'
      : `Entry ${this.#noted} of the journal says that this file was exported.`;
  }
}
