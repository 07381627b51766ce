/**
 * Where the journal stood: kept apart from it, an anchor tells an older copy of the journal from the newest one, and says
 * what the entries that such a copy lacks had charged.
 */
import { canonicalBytes } from '../crypto/canonical.ts';
import { type SigningKey, verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { AccountId } from './account-id.ts';
import type { WrittenSpend } from './entry.ts';
import type { Place } from './place.ts';
import type { Replay } from './replay.ts';
import { writeSpend } from './written.ts';

/** Where an anchor is kept. @throws GauzeError LEDGER_UNAVAILABLE */
export interface AnchorStore {
  /** Null where none was written yet. */
  read(): Promise<string | null>;
  /** Throws where it could not be written now: asked before anything is charged, so that an unreachable one costs nothing. */
  check(): Promise<void>;
  /** Puts the text in place of the one before. */
  write(text: string): Promise<void>;
  /** Whether its text can be relied on after a power cut; one that cannot is a help, and damaged it counts as none. */
  readonly durable: boolean;
}

/** A place in the chain, and what every account had lost by then. */
export interface Anchor extends Place {
  readonly format: 'gauze-anchor-1';
  /** The latest time any entry states; anchors of earlier versions lack it. */
  readonly latest?: string;
  readonly spent: readonly { readonly account: AccountId; readonly spend: WrittenSpend }[];
}

interface SignedAnchor {
  readonly body: Anchor;
  readonly publicKey: string | null;
  readonly signature: string | null;
}

const DOMAIN = 'gauze anchor v1\n';

/** What every account has lost, as anchors say it. */
export function spentIn({ book }: Replay): Anchor['spent'] {
  return book.lifetimes().map(({ id, spent }) => ({ account: id, spend: writeSpend(spent) }));
}

/**
 * Text of an anchor of the newest entry; null before the first.
 *
 * @param sums - whether it says what every account has lost, which a restore needs and which takes time with many accounts
 */
export function writeAnchor(replay: Replay, key: SigningKey | null, sums: boolean): string | null {
  const { head } = replay;
  if (head === null) return null;
  const { latest } = replay.records;
  const body: Anchor = { format: 'gauze-anchor-1', ...head, latest, spent: sums ? spentIn(replay) : [] };
  const signed: SignedAnchor = {
    body,
    publicKey: key?.publicKey ?? null,
    signature: key?.sign(message(body)) ?? null,
  };
  return `${JSON.stringify(signed)}\n`;
}

/** The anchor that a text holds. @throws GauzeError CRYPTO_DECODE when it holds none, or its signature is not its key's */
export function readAnchor(text: string): { readonly anchor: Anchor; readonly publicKey: string | null } {
  let signed: SignedAnchor;
  try {
    signed = JSON.parse(text) as SignedAnchor;
  } catch {
    throw unreadable();
  }
  const { body, publicKey, signature } = signed ?? {};
  const isWhole =
    body?.format === 'gauze-anchor-1' &&
    Number.isSafeInteger(body.sequence) &&
    /^[0-9a-f]{64}$/.test(body.hash) &&
    Array.isArray(body.spent);
  if (!isWhole) throw unreadable();
  if (publicKey !== null && (signature === null || !verify(message(body), signature, publicKey))) throw unreadable();
  return { anchor: body, publicKey };
}

/** A journal that lacks entries which an anchor has seen. */
export function rolledBack(anchor: Place, length: number): GauzeError {
  return new GauzeError('LEDGER_ROLLBACK', {
    message:
      length <= anchor.sequence
        ? `The journal is an older copy: it has ${length} entries, and an anchor has seen ${anchor.sequence + 1}.`
        : `The journal is another one than the anchor has seen: they differ at entry ${anchor.sequence + 1}.`,
    next: 'Put the newest journal back. If it is lost: gauze restore, which counts what is missing as spent.',
    fields: { entries: length, anchored: anchor.sequence + 1 },
  });
}

function message(body: Anchor): Uint8Array {
  const domain = new TextEncoder().encode(DOMAIN);
  const bytes = canonicalBytes(body);
  const whole = new Uint8Array(domain.length + bytes.length);
  whole.set(domain);
  whole.set(bytes, domain.length);
  return whole;
}

function unreadable(): GauzeError {
  return new GauzeError('CRYPTO_DECODE', {
    message: 'The anchor of the journal cannot be read, or was changed.',
    next: 'Restore its file, or write a new one from the journal you trust: gauze ledger anchor.',
  });
}
