import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomBytes, systemBits } from '../../src/crypto/entropy.ts';

afterEach(() => void vi.restoreAllMocks());

describe('platform entropy', () => {
  it('hands out every word of a block once, in order, and wipes it', () => {
    const blocks: Uint32Array[] = [];
    let next = 1;
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(<T extends ArrayBufferView | null>(array: T): T => {
      const words = array as unknown as Uint32Array;
      for (let i = 0; i < words.length; i++) words[i] = next++;
      blocks.push(words);
      return array;
    });
    const bits = systemBits();
    expect(blocks).toHaveLength(0);
    for (let i = 1; i <= 16_384; i++) expect(bits.word()).toBe(i);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]!.byteLength).toBe(65_536);
    expect(blocks[0]!.every((word) => word === 0)).toBe(true);
    expect(bits.word()).toBe(16_385);
    expect(blocks).toHaveLength(2);
  });

  it('is never the same twice', () => {
    const word = systemBits().word();
    expect(Number.isInteger(word) && word >= 0 && word < 2 ** 32).toBe(true);
    expect(randomBytes(16)).not.toEqual(randomBytes(16));
    expect(randomBytes(5)).toHaveLength(5);
  });
});
