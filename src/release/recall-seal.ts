/** Stored answers carry a code that only the data holder's secret can make: what was put there by others is not released. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { GauzeError } from '../errors.ts';

/** Text to store under `name`: HMAC-SHA-256 over name and body, a line end, the body. */
export function sealAnswer(name: string, body: string, secret: Uint8Array): string {
  return `${codeOf(name, body, secret)}\n${body}`;
}

/** The body of a stored text. @throws GauzeError CRYPTO_SIGNATURE when it is not what was stored under `name` */
export function unsealAnswer(name: string, text: string, secret: Uint8Array): string {
  const body = text.slice(text.indexOf('\n') + 1);
  if (sealAnswer(name, body, secret) === text) return body;
  throw new GauzeError('CRYPTO_SIGNATURE', {
    message: 'A stored answer was changed; it is not shown.',
    next: 'Restore the folder of answers from a backup, or remove the changed file and ask (and pay) again.',
  });
}

function codeOf(name: string, body: string, secret: Uint8Array): string {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  // A key of its own, so that no code tells anything of what else the secret is for.
  const own = hmac(sha256, secret, bytes('gauze answers v1'));
  return bytesToHex(hmac(sha256, own, bytes(`${name}\n${body}`)));
}
