import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeKey, nativeVerify } from '../../src/crypto/sign.node.ts';
import { keyFrom, verify } from '../../src/crypto/sign.ts';
import { freshKey } from './fresh-key.ts';

/** RFC 8032 §7.1, tests 1 to 3: secret, public key, message, signature. */
const VECTORS = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

describe.each([
  ['portable', keyFrom],
  ['of the platform', nativeKey],
])('Ed25519, %s', (_, make) => {
  it.each(VECTORS)('signs as RFC 8032 does (%s)', (secret, publicKey, message, signature) => {
    const key = make(hexToBytes(secret));
    expect(key.publicKey).toBe(publicKey);
    expect(key.sign(hexToBytes(message))).toBe(signature);
    expect(verify(hexToBytes(message), signature, publicKey)).toBe(true);
  });
});

it('both ways of signing give the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array(), (secret, message) => {
      expect(nativeKey(secret).sign(message)).toBe(keyFrom(secret).sign(message));
    }),
    { numRuns: 25 },
  );
});

describe('verification', () => {
  const key = freshKey();
  const message = new TextEncoder().encode('message');
  const signature = key.sign(message);

  it('fails when one bit of the signature, or the message, or the key is another', () => {
    for (let bit = 0; bit < 512; bit += 37) {
      const bytes = hexToBytes(signature);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verify(message, bytesToHex(bytes), key.publicKey)).toBe(false);
    }
    expect(verify(new TextEncoder().encode('Message'), signature, key.publicKey)).toBe(false);
    expect(verify(message, signature, freshKey().publicKey)).toBe(false);
  });

  it('is strict: S beyond the group order and keys of small order are refused', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const bytes = hexToBytes(signature);
    let s = bytes.slice(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + order;
    for (let i = 32; i < 64; i++, s >>= 8n) bytes[i] = Number(s & 255n);
    expect(verify(message, bytesToHex(bytes), key.publicKey)).toBe(false);
    const identityPoint = `01${'00'.repeat(31)}`;
    expect(verify(message, `${identityPoint}${'00'.repeat(32)}`, identityPoint)).toBe(false);
  });

  it('of what is no hex, or too short, is false', () => {
    expect(verify(message, 'zz', key.publicKey)).toBe(false);
    expect(verify(message, signature.slice(2), key.publicKey)).toBe(false);
    expect(verify(message, signature, '')).toBe(false);
  });
});

const ORDER = ed25519.Point.Fn.ORDER;
const fromLittle = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const toLittle = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** A signature whose R, or key whose A, has a part of small order: what the equation with the cofactor alone accepts. */
function twisted(where: 'signature' | 'key'): readonly [Uint8Array, string, string] {
  const message = new TextEncoder().encode('twisted');
  const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  expect(torsion.isSmallOrder()).toBe(true);
  const [secret, nonce] = [123456789n, 987654321n];
  const honest = ed25519.Point.BASE.multiply(secret);
  const A = where === 'key' ? honest.add(torsion) : honest;
  const R0 = ed25519.Point.BASE.multiply(nonce);
  const R = where === 'signature' ? R0.add(torsion) : R0;
  const k = fromLittle(sha512(concatBytes(R.toBytes(), A.toBytes(), message))) % ORDER;
  const s = toLittle((nonce + k * secret) % ORDER);
  return [message, bytesToHex(concatBytes(R.toBytes(), s)), A.toHex()];
}

describe('the platform’s verification', () => {
  const key = nativeKey(new Uint8Array(32).fill(9));
  const message = new TextEncoder().encode('message');
  const signature = key.sign(message);

  it('has the verdict of the portable one on keys and signatures with parts of small order', () => {
    for (const where of ['signature', 'key'] as const) {
      const [text, sign, publicKey] = twisted(where);
      expect(verify(text, sign, publicKey)).toBe(true);
      expect(nativeVerify(text, sign, publicKey)).toBe(true);
    }
    const identity = `01${'00'.repeat(31)}`;
    const noncanonical = `ee${'ff'.repeat(30)}7f`;
    for (const odd of [identity, noncanonical, `ed${'ff'.repeat(30)}7f`, '', 'zz', key.publicKey.slice(2)]) {
      const claim = `${identity}${'00'.repeat(32)}`;
      expect(nativeVerify(message, claim, odd)).toBe(verify(message, claim, odd));
      expect(nativeVerify(message, claim, odd)).toBe(false);
    }
  });

  it('has the verdict of the portable one on whatever is changed', () => {
    const flipped = (hex: string, bit: number): string => {
      const bytes = hexToBytes(hex);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      return bytesToHex(bytes);
    };
    expect(nativeVerify(message, signature, key.publicKey)).toBe(true);
    fc.assert(
      fc.property(fc.nat(511), fc.nat(255), fc.constantFrom('signature', 'key', 'message'), (bit, other, what) => {
        const sign = what === 'signature' ? flipped(signature, bit) : signature;
        const by = what === 'key' ? flipped(key.publicKey, other) : key.publicKey;
        const text = what === 'message' ? message.subarray(1) : message;
        expect(nativeVerify(text, sign, by)).toBe(verify(text, sign, by));
      }),
      { numRuns: 60 },
    );
    const s = fromLittle(hexToBytes(signature).slice(32)) + ORDER;
    const beyond = `${signature.slice(0, 64)}${bytesToHex(toLittle(s))}`;
    expect(nativeVerify(message, beyond, key.publicKey)).toBe(false);
    for (const odd of ['', 'zz', signature.slice(2), `${signature}00`]) {
      expect(nativeVerify(message, odd, key.publicKey)).toBe(false);
    }
  });
});
