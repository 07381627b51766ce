/** A signed statement of what was asked, promised, spent and released. */
import { canonicalBytes } from '../crypto/canonical.ts';
import { type SigningKey, verify } from '../crypto/sign.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import type { Receipt } from './release.ts';

/** What a receipt states. Digests are SHA-256, hex; costs are decimals as text. */
export interface ReceiptBody {
  readonly format: 'gauze-receipt-1';
  readonly time: string;
  readonly principal: string;
  readonly dataset: string;
  /** Data version label given at registration. */
  readonly version: string;
  readonly policy: string;
  readonly plan: string;
  readonly question: string;
  readonly cost: { readonly epsilon: string; readonly delta: string };
  readonly event: PrivacyEvent;
  /** Journal entry that paid for it. */
  readonly entry: string;
  /** Digest of the released values. */
  readonly answer: string;
}

const DOMAIN = 'gauze receipt v1\n';

/** Signs a receipt with the data holder's key. */
export function makeReceipt(body: ReceiptBody, key: SigningKey): Receipt {
  return { body: { ...body }, publicKey: key.publicKey, signature: key.sign(message(body)) };
}

/** Whether a receipt is whole and signed by `publicKey`, or by the key it names where none is given; malformed is false. */
export function verifyReceipt(receipt: Receipt, publicKey: string = receipt.publicKey): boolean {
  if (receipt.publicKey !== publicKey || typeof receipt.body !== 'object' || receipt.body === null) return false;
  try {
    return verify(message(receipt.body), receipt.signature, publicKey);
  } catch {
    return false;
  }
}

/** Domain-separated, so that no other thing signed with the key reads as a receipt. */
function message(body: object): Uint8Array {
  const canonical = canonicalBytes(body);
  const domain = new TextEncoder().encode(DOMAIN);
  const bytes = new Uint8Array(domain.length + canonical.length);
  bytes.set(domain);
  bytes.set(canonical, domain.length);
  return bytes;
}
