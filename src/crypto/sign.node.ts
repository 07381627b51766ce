/** Ed25519 by the platform: the same bytes as RFC 8032 demands of everyone, about ten times sooner. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify as verifyNative } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { keyFrom, type SigningKey, verify } from './sign.ts';

/** What precedes the secret in PKCS #8. RFC 8410 §7 */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key with this 32-byte secret. */
export function nativeKey(secret: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  return { ...keyFrom(secret), sign: (message) => sign(null, message, key).toString('hex') };
}

/** What precedes a public key in SubjectPublicKeyInfo. RFC 8410 §4 */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Public keys seen, as the platform holds them; null where `verify` would refuse the key itself. */
const keys = new Map<string, KeyObject | null>();
const KEYS_MOST = 256;

/**
 * As `verify`, with the same verdict on every input, sooner for signatures that hold. The platform checks the equation
 * without the cofactor: what satisfies it has a canonical R and satisfies the equation with the cofactor as well, so only
 * the key is left to check (canonical, not of small order). What the platform refuses, `verify` decides.
 */
export function nativeVerify(message: Uint8Array, signature: string, publicKey: string): boolean {
  const key = keyOf(publicKey);
  const isWhole = /^[0-9a-fA-F]{128}$/.test(signature);
  if (key !== null && isWhole && verifyNative(null, message, key, Buffer.from(signature, 'hex'))) return true;
  return verify(message, signature, publicKey);
}

function keyOf(publicKey: string): KeyObject | null {
  const known = keys.get(publicKey);
  if (known !== undefined) return known;
  if (keys.size >= KEYS_MOST) keys.clear();
  const key = isSound(publicKey)
    ? createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(publicKey, 'hex')]), format: 'der', type: 'spki' })
    : null;
  keys.set(publicKey, key);
  return key;
}

function isSound(publicKey: string): boolean {
  try {
    return !ed25519.Point.fromHex(publicKey).isSmallOrder();
  } catch {
    return false;
  }
}
