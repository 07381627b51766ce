/** Ed25519 by the platform: the same bytes as RFC 8032 demands of everyone, about ten times sooner. */
import { createPrivateKey, sign } from 'node:crypto';
import { keyFrom, type SigningKey } from './sign.ts';

/** What precedes the secret in PKCS #8. RFC 8410 §7 */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key with this 32-byte secret. */
export function nativeKey(secret: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  return { ...keyFrom(secret), sign: (message) => sign(null, message, key).toString('hex') };
}
