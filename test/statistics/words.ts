/** Words for statistical tests: a SHA-256 counter stream by default, so that results never flake; fresh ones on request. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Bits } from '../../src/dp/sampler/bits.ts';

/** A stream fixed by its label; with GAUZE_FRESH_BITS=1 the platform's randomness instead. */
export function words(label: string): Bits {
  const block = new Uint32Array(8 * 512);
  let at = block.length;
  let counter = 0;
  const refill = (): void => {
    if (process.env.GAUZE_FRESH_BITS === '1') crypto.getRandomValues(block);
    else {
      for (let i = 0; i < block.length; i += 8) {
        const bytes = sha256(new TextEncoder().encode(`${label}:${counter}`));
        counter += 1;
        block.set(new Uint32Array(bytes.buffer, bytes.byteOffset, 8), i);
      }
    }
    at = 0;
  };
  return {
    word(): number {
      if (at === block.length) refill();
      at += 1;
      return block[at - 1] as number;
    },
  };
}

/** Exactly these words, then an error: for driving a sampler down one path. */
export function scripted(list: readonly number[]): Bits & { readonly used: () => number } {
  let at = 0;
  return {
    word(): number {
      if (at >= list.length) throw new Error('The script has no more words.');
      at += 1;
      return list[at - 1] as number;
    },
    used: () => at,
  };
}
