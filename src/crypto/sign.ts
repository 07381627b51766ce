/** Ed25519 signatures. RFC 8032, strict verification. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** A signing key. `publicKey` is hex; `sign` gives the signature over bytes, hex. */
export interface SigningKey {
  readonly secret: Uint8Array;
  readonly publicKey: string;
  sign(message: Uint8Array): string;
}

/** Whether a signature (hex) over bytes is that of a public key (hex); `verify` is one, `nativeVerify` another. */
export type Verify = (message: Uint8Array, signature: string, publicKey: string) => boolean;

/** The key with this 32-byte secret. */
export function keyFrom(secret: Uint8Array): SigningKey {
  return {
    secret,
    publicKey: bytesToHex(ed25519.getPublicKey(secret)),
    sign: (message) => bytesToHex(ed25519.sign(message, secret)),
  };
}

/** Whether a signature (hex) over bytes verifies under a public key (hex); malformed input is false. */
export function verify(message: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    return ed25519.verify(hexToBytes(signature), message, hexToBytes(publicKey), { zip215: false });
  } catch {
    return false;
  }
}
