/** Whether a receipt's places in the chain are what it says they are. */
import type { ChargeEntry, CheckpointEntry, PolicyEntry } from '../charge/entry.ts';
import type { ReadEntry } from '../charge/journal.ts';
import type { Place } from '../charge/place.ts';
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { ReceiptBody } from '../release/receipt.ts';
import type { Receipt } from '../release/release.ts';

/** Watches a chain go by, and remembers what a receipt names. */
export class ReceiptPlaces {
  readonly #body: ReceiptBody;
  readonly #publicKey: string;
  readonly #found: Map<string, ReadEntry> = new Map();
  readonly #named: ReadonlySet<string>;
  /** Where the journal begins; what lies before is in an archive. */
  #first: number | null = null;
  #knowsKey = false;
  /** Where the key was lost that signed the receipt. */
  #lostAt: number | null = null;
  #policies = 0;
  #version: number | null = null;

  /** @param receipt - whose signature holds */
  constructor({ body, publicKey }: Receipt) {
    this.#body = body as unknown as ReceiptBody;
    this.#publicKey = publicKey;
    this.#named = new Set(placesOf(this.#body).map(({ hash }) => hash));
  }

  see(read: ReadEntry): void {
    const { content } = read.entry;
    this.#first ??= read.entry.sequence;
    if (this.#named.has(read.hash)) this.#found.set(read.hash, read);
    if (content.kind === 'checkpoint') this.#begin(content);
    if (content.kind === 'key' && content.publicKey === this.#publicKey) this.#knowsKey = true;
    else if (content.kind === 'key' && content.reason === 'lost' && this.#knowsKey) {
      this.#lostAt ??= read.entry.sequence;
    }
    if (content.kind !== 'policy') return;
    this.#policies += 1;
    if (read.hash === this.#body.policy.entry?.hash) this.#version = this.#policies;
  }

  /** Of the entries that a checkpoint stands for, rules and key are known; the others lie in an archive. */
  #begin({ state: { records } }: CheckpointEntry): void {
    const { policy, key } = records;
    if (key?.publicKey === this.#publicKey) this.#knowsKey = true;
    if (policy === null) return;
    const { sequence, hash, version, entry: content } = policy;
    this.#policies = version;
    if (!this.#named.has(hash)) return;
    this.#found.set(hash, { entry: { sequence, previous: '', content }, hash, signature: null });
    if (hash === this.#body.policy.entry?.hash) this.#version = version;
  }

  /** Why the receipt does not belong to the chain that went by; null where it does. */
  fault(): string | null {
    const body = this.#body;
    if ((body.format as string) === 'gauze-receipt-1') return this.#earlierFault();
    const missing = placesOf(body).find(({ hash, sequence }) => this.#found.get(hash)?.entry.sequence !== sequence);
    if (missing !== undefined && missing.sequence < (this.#first ?? 0)) {
      return `entry ${missing.sequence + 1}, which the receipt names, lies in an archive; give it with --archive FILE`;
    }
    if (missing !== undefined) return `the journal has no such entry ${missing.sequence + 1} as the receipt names`;
    if (!this.#knowsKey) return 'the journal never named the key that signed the receipt';
    if (this.#lostAt !== null && body.head.sequence >= this.#lostAt) {
      return `the key that signed the receipt was lost or stolen by entry ${this.#lostAt + 1}`;
    }
    if (body.policy.entry !== null) {
      const policy = this.#content(body.policy.entry) as PolicyEntry;
      const isSame =
        policy.kind === 'policy' && policy.digest === body.policy.digest && this.#version === body.policy.version;
      if (!isSame) return 'the rules that the receipt names are others in the journal';
    }
    if (body.head.sequence < body.charge.entry.sequence) return 'the receipt names an older head than its charge';
    return chargeFault(body, this.#content(body.charge.entry) as ChargeEntry);
  }

  /** Receipts of the first format name the hash of the entry that paid, and nothing else of the chain. */
  #earlierFault(): string | null {
    const { entry } = this.#body as unknown as { readonly entry: string };
    return this.#found.has(entry) ? null : 'the journal has no such entry as the receipt names';
  }

  #content({ hash }: Place): unknown {
    return this.#found.get(hash)?.entry.content;
  }
}

function placesOf(body: ReceiptBody): readonly Place[] {
  if ((body.format as string) === 'gauze-receipt-1')
    return [{ sequence: 0, hash: (body as unknown as { entry: string }).entry }];
  return [body.charge.entry, body.head, ...(body.policy.entry === null ? [] : [body.policy.entry])];
}

function chargeFault(body: ReceiptBody, entry: ChargeEntry): string | null {
  if (entry.kind !== 'reserve' && entry.kind !== 'recharge') return 'the entry that the receipt names charges nothing';
  const { plans = [entry.plan] } = entry;
  if (!plans.includes(body.plan)) return 'the entry that the receipt names paid for another plan';
  if (entry.dataset !== body.dataset) return 'the entry that the receipt names is about another data set';
  if (!entry.version.split('+').includes(body.version))
    return 'the entry that the receipt names read another data version';
  // What was recalled may have been paid by whoever asked for the same purpose before.
  if (!body.charge.recalled) {
    if (entry.principal !== body.principal) return 'the entry that the receipt names is somebody else’s';
    if ((entry.purpose ?? null) !== body.purpose) return 'the entry that the receipt names is for another purpose';
    if (entry.policy !== body.policy.digest) return 'the entry that the receipt names was charged under other rules';
  }
  if (entry.plans !== undefined) return null;
  if (digest(entry.event) !== digest(body.event)) return 'the entry that the receipt names paid for other mechanisms';
  const isCost =
    units(body.cost.epsilon, 12) === entry.spend.epsilon && units(body.cost.delta, 18) === entry.spend.delta;
  return isCost ? null : 'the entry that the receipt names took another amount';
}

function digest(value: unknown): string {
  return sha256Hex(canonicalBytes(value));
}

/** A decimal as text in units of 10⁻ᵈ. */
function units(text: string, decimals: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`).toString();
}
