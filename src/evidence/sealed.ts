/** Documents made of the records for somebody outside: what they say, signed with the journal's key. */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import { type SigningKey, type Verify, verify } from '../crypto/sign.ts';

/** A document, its SHA-256 (hex, over canonical JSON) and the signature over it. */
export interface Sealed<Body> {
  readonly body: Body;
  readonly digest: string;
  readonly publicKey: string;
  readonly signature: string;
}

/** What a signature is for; no signature for one purpose reads as one for another. */
export type Domain = 'incident' | 'evidence';

/** Signs a document. */
export function seal<Body extends object>(domain: Domain, body: Body, key: SigningKey): Sealed<Body> {
  const digest = digestOf(body);
  return { body, digest, publicKey: key.publicKey, signature: key.sign(message(domain, digest)) };
}

/** Why a document is not what was signed; null where it is. */
export function sealFault(
  domain: Domain,
  { body, digest, publicKey, signature }: Sealed<object>,
  given: string | null,
  by: Verify = verify,
): string | null {
  if (!isDigest(body, digest)) return 'it was changed after it was sealed';
  if (given !== null && given !== publicKey) return 'it is sealed with another key';
  const isSigned = /^[0-9a-f]{128}$/.test(signature) && by(message(domain, digest), signature, publicKey);
  return isSigned ? null : 'its seal is not that of its key';
}

function digestOf(body: object): string {
  return sha256Hex(canonicalBytes(body));
}

/** What has no canonical form was not sealed. */
function isDigest(body: object, digest: string): boolean {
  try {
    return digestOf(body) === digest;
  } catch {
    return false;
  }
}

function message(domain: Domain, digest: string): Uint8Array {
  return new TextEncoder().encode(`gauze ${domain} v1\n${digest}`);
}
