/** Checks a whole journal offline, with nothing but its bytes and a public key. */
import type { CheckpointEntry, Content } from '../charge/entry.ts';
import { isWhole, type ReadEntry } from '../charge/journal.ts';
import type { Place } from '../charge/place.ts';
import { Replay } from '../charge/replay.ts';
import { readSpend } from '../charge/written.ts';
import { canonicalBytes } from '../crypto/canonical.ts';
import { type Verify, verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import { admissionFault, isPresent } from './admitted.ts';
import { AnchorCheck } from './anchor-check.ts';
import type { Fault } from './fault.ts';
import { type Bytes, linesOf } from './lines.ts';
import { makePricer, type Pricer } from './price.ts';
import { type ChainKey, Signers } from './signer.ts';
import { policyIn, statementFault } from './statement.ts';

/** What a chain is checked against. */
export interface ChainOptions {
  /** Ed25519, hex, as the data holder published it; without it the keys are the chain's own claim. */
  readonly publicKey?: string;
  /** Text of an anchor that was kept elsewhere. */
  readonly anchor?: string;
  /** A faster way of checking signatures, with the same verdicts as `verify`. */
  readonly verify?: Verify;
  /** Archives that end where the journal, or the next of them, begins: oldest first. */
  readonly archives?: readonly Bytes[];
  /** Is shown every entry that holds, in order. */
  readonly seen?: (read: ReadEntry) => void;
}

/** What came of it. */
export interface ChainVerdict {
  readonly valid: boolean;
  /** Entries that hold, up to the first bad one; those that a checkpoint stands for included. */
  readonly entries: number;
  /** How many of them a checkpoint stands for: they lie in archives that were not given. */
  readonly archived: number;
  readonly head: Place | null;
  /** Keys that the chain names, in order. */
  readonly publicKeys: readonly ChainKey[];
  /** What a reader should know of a chain that is valid. */
  readonly warnings: readonly string[];
  /** What no chain can show. */
  readonly limits: readonly string[];
  /** Counted from 1; null where the chain is valid. */
  readonly firstBad: Fault | null;
}

/**
 * Checks that every entry is whole, in its place and signed by the key in force; that charges took at least what they cost
 * and were within the rules that the chain had in force; that widening had its signatures; that time never went back; and,
 * with an anchor, that nothing is missing. Linear in the entries; each is read once.
 *
 * @param journal - the file's bytes, at once or piece by piece
 * @throws GauzeError CRYPTO_DECODE for an anchor that cannot be read
 */
export async function verifyChain(journal: Bytes, options: ChainOptions = {}): Promise<ChainVerdict> {
  const check = new ChainCheck(options);
  let torn = 0;
  for (const file of [...(options.archives ?? []), journal]) {
    const end =
      torn > 0 ? { torn, why: 'it is cut off, and another file goes on after it' } : await takeAll(check, file);
    if (end.why !== null) return check.verdict({ entry: check.entries + 1, why: end.why }, 0);
    torn = end.torn;
  }
  return check.verdict(null, torn);
}

/** Takes the entries of one file; why one does not hold, and how many bytes at the end are none. */
async function takeAll(
  check: ChainCheck,
  file: Bytes,
): Promise<{ readonly torn: number; readonly why: string | null }> {
  check.open();
  for await (const { bytes, ended } of linesOf(file)) {
    // Only an append that was cut off lacks its line end and is no whole entry; stores leave it out, too.
    if (!ended && !isWhole(bytes)) return { torn: bytes.length, why: check.close() };
    const why = check.take(bytes);
    if (why !== null) return { torn: 0, why };
  }
  return { torn: 0, why: check.close() };
}

class ChainCheck {
  readonly #state: Replay = new Replay();
  readonly #signers: Signers;
  readonly #anchor: AnchorCheck | null;
  readonly #options: ChainOptions;
  readonly #verify: Verify;
  readonly #pricer: Pricer = makePricer();
  /** Plans that were read, with their data set and data version. */
  readonly #released: Set<string> = new Set();
  #rules: Policy | null = null;
  #unruled = 0;
  #hasBegun = false;
  /** How many entries a checkpoint stands for. */
  #archived = 0;
  /** Whether an entry was seen of the kinds whose time never goes back. */
  #isOrdered = false;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#verify = options.verify ?? verify;
    this.#signers = new Signers(options.publicKey?.toLowerCase() ?? null, this.#verify);
    this.#anchor = options.anchor === undefined ? null : new AnchorCheck(options.anchor);
  }

  get entries(): number {
    return this.#state.length;
  }

  /** Begins with another file. */
  open(): void {
    this.#hasBegun = false;
  }

  /** Why a file may not end here. */
  close(): string | null {
    return this.#hasBegun || this.#state.length === 0 ? null : ENDLESS;
  }

  /** Takes the next entry; why it does not hold. */
  take(bytes: Uint8Array): string | null {
    const read = this.#read(bytes);
    if (typeof read === 'string') return read;
    const { content } = read.entry;
    const isFirst = this.#state.length === 0;
    if (!isFirst && !this.#hasBegun && content.kind !== 'checkpoint') return ENDLESS;
    const fault =
      this.#signers.fault(read) ?? this.#anchor?.fault(read) ?? this.#timeFault(content) ?? this.#contentFault(content);
    if (fault !== null) return fault;
    try {
      this.#state.apply(read, !this.#hasBegun);
    } catch (error) {
      if (!(error instanceof GauzeError)) throw error;
      if (content.kind !== 'checkpoint') return 'it does not follow from the entries before it';
      if (this.#hasBegun) return 'it states what entries add up to, which the first of a journal alone may do';
      return isFirst ? 'what it states cannot be so' : 'it states something else than the archived entries add up to';
    }
    if (content.kind === 'policy') this.#rules = policyIn(content);
    if (content.kind === 'checkpoint') this.#begin(content, isFirst ? read.entry.sequence : this.#archived);
    this.#hasBegun = true;
    this.#options.seen?.(read);
    return null;
  }

  /** Goes on from what a checkpoint states; that the archive adds up to it, the archive shows. */
  #begin({ state: { records, payments, losses } }: CheckpointEntry, archived: number): void {
    this.#archived = archived;
    this.#rules = records.policy === null ? null : policyIn(records.policy.entry);
    for (const { plan, version, accounts } of payments) {
      for (const index of accounts) {
        const dataset = losses[index]?.account.dataset ?? null;
        if (dataset !== null) this.#released.add(JSON.stringify([dataset, plan, version.split('+')[0]]));
      }
    }
  }

  verdict(fault: Fault | null, torn: number): ChainVerdict {
    const { length, head } = this.#state;
    const missing = fault === null ? (this.#anchor?.missing(this.#state, this.#archived) ?? null) : null;
    const firstBad = fault ?? missing ?? this.#signers.gap(length);
    return {
      valid: firstBad === null,
      entries: length,
      archived: this.#archived,
      head,
      publicKeys: this.#signers.keys,
      warnings: this.#warnings(torn),
      limits: [
        ...(this.#anchor === null
          ? [UNANCHORED]
          : [`Entries after number ${this.#anchor.entry}, which the anchor has seen, may be missing.`]),
        ...LIMITS,
      ],
      firstBad,
    };
  }

  #read(bytes: Uint8Array): ReadEntry | string {
    try {
      const read = this.#state.read(bytes);
      // One value, one text: otherwise two readers could take two meanings from it.
      return endsWith(bytes, canonicalBytes(read.entry)) ? read : 'it is not written in canonical form';
    } catch {
      if (!isWhole(bytes)) return 'its bytes are not those that its hash was made of';
      return 'it does not follow the entry before it: entries were removed, added or put in another order';
    }
  }

  /** Entries of earlier versions took the time from a clock that may have been moved back. */
  #timeFault(content: Content): string | null {
    const isStatement = content.kind !== 'reserve' && content.kind !== 'recharge' && content.kind !== 'settle';
    if (isStatement || (content.kind !== 'settle' && isPresent(content))) this.#isOrdered = true;
    if (!this.#isOrdered) return null;
    const { time } = content;
    if (typeof time !== 'string' || !isTime(time)) return 'its time is no time';
    return time < this.#state.records.latest ? 'its time is before that of an entry before it' : null;
  }

  #contentFault(content: Content): string | null {
    switch (content.kind) {
      case 'reserve':
      case 'recharge':
        return this.#chargeFault(content);
      case 'settle':
        return this.#state.isUnsettled(content.reservation) ? null : 'it settles a charge that is not open';
      case 'checkpoint': {
        const { policy } = content.state.records;
        return policy === null || policyIn(policy.entry) !== null ? null : RULELESS;
      }
      default:
        return statementFault(content, this.#rules, this.#state.records, this.#verify);
    }
  }

  #chargeFault(content: Extract<Content, { kind: 'reserve' | 'recharge' }>): string | null {
    const price = this.#pricer.fault(readSpend(content.spend), content.event);
    if (price !== null) return price;
    if (this.#rules === null) this.#unruled += 1;
    const admission = this.#rules === null ? null : admissionFault(content, this.#rules, this.#state);
    if (admission !== null) return admission;
    // The first label is the data set's own; others are those of public tables.
    const [version] = content.version.split('+');
    const names = (content.plans ?? [content.plan]).map((plan) => JSON.stringify([content.dataset, plan, version]));
    if (content.kind === 'reserve') for (const name of names) this.#released.add(name);
    else if (!this.#state.records.hasLost && !names.every((name) => this.#released.has(name))) {
      return 'it pays for an answer that no entry before it has read';
    }
    return null;
  }

  #warnings(torn: number): string[] {
    const { keys, unsigned } = this.#signers;
    const { length, unsettled } = this.#state;
    const lines: (string | null)[] = [
      keys.length === 0 && length > 0
        ? 'No entry is signed: whoever can write the file could have written all of it anew.'
        : null,
      keys.length > 0 && unsigned > 0
        ? `The first ${plural(unsigned, 'entry is', 'entries are')} not signed; the first signature after them vouches that they are those that were there then.`
        : null,
      keys.length > 0 && this.#options.publicKey === undefined
        ? `The key is the journal’s own claim: ${keys.at(-1)?.publicKey}. Compare it with the one that the data holder published.`
        : null,
      ...keys
        .filter(({ reason }) => reason === 'lost')
        .map(
          ({ entry }) =>
            `From entry ${entry} on a new key signs, which no key before it vouches for: the old one was lost.`,
        ),
      this.#unruled > 0
        ? `Rules are not recorded for ${plural(this.#unruled, 'charge', 'charges')}: whether they were within policy cannot be checked.`
        : null,
      unsettled.length > 0
        ? `${plural(unsettled.length, 'charge has', 'charges have')} no recorded outcome; what they reserved counts as spent.`
        : null,
      this.#archived > 0
        ? `The first ${plural(this.#archived, 'entry lies', 'entries lie')} in an archive; this journal begins with what they add up to, as the key that signs it says. Give the archive to check it: --archive FILE.`
        : null,
      torn > 0
        ? `The last ${plural(torn, 'byte is', 'bytes are')} no whole entry and left out: an append that a crash cut off, or an entry cut off on purpose; an anchor tells which.`
        : null,
    ];
    return lines.filter((line) => line !== null);
  }
}

const BLANK = 32;

const ENDLESS = 'the file does not begin with what the archive before it adds up to';

const RULELESS = 'the rules that it states are another text than their digest says';

const UNANCHORED =
  'Whether the newest entries were cut off: without an anchor that was kept elsewhere a shorter chain looks whole.';

const LIMITS: readonly string[] = [
  'That each entry was true when it was written: a chain shows that nothing was changed afterwards.',
  'That nobody read the data without gauze, and that principals were who they said they were.',
  'The true time: the times are those of the clock that wrote them, and only never go back.',
];

/** Whether bytes end in these, behind a blank. */
function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  const start = bytes.length - end.length;
  return bytes[start - 1] === BLANK && end.every((byte, index) => bytes[start + index] === byte);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
