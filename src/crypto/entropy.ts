/** The only door to platform randomness. */
import type { Bits } from '../dp/sampler/bits.ts';

/** 64 KiB, the most one call may ask for. */
const WORDS = 16_384;

/** Words from the platform's cryptographic generator, fetched in blocks, each wiped as it is used. */
export function systemBits(): Bits {
  const block = new Uint32Array(WORDS);
  let at = WORDS;
  return {
    word(): number {
      if (at === WORDS) {
        crypto.getRandomValues(block);
        at = 0;
      }
      const word = block[at] as number;
      block[at] = 0;
      at += 1;
      return word;
    },
  };
}

/** Fresh random bytes, at most 65,536. */
export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
