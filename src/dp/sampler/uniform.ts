import type { Bits } from './bits.ts';

const WORD = 4294967296;

/** Uniform integer in [0, n), 1 ≤ n ≤ 2^53, by rejection: fewer than two tries expected. */
export function uniformBelow(bits: Bits, n: number): number {
  if (n <= WORD) {
    const limit = WORD - (WORD % n);
    for (;;) {
      const word = bits.word();
      if (word < limit) return word % n;
    }
  }
  const mask = 2 ** Math.ceil(Math.log2(n / WORD) + 1e-9);
  for (;;) {
    const value = (bits.word() % mask) * WORD + bits.word();
    if (value < n) return value;
  }
}

/** Uniform integer in [0, n) for any n ≥ 1, by rejection of the smallest covering power of two. */
export function uniformBelowBig(bits: Bits, n: bigint): bigint {
  if (n <= BigInt(Number.MAX_SAFE_INTEGER)) return BigInt(uniformBelow(bits, Number(n)));
  const length = (n - 1n).toString(2).length;
  for (;;) {
    let value = 0n;
    for (let taken = 0; taken < length; taken += 32) value = (value << 32n) | BigInt(bits.word());
    value &= (1n << BigInt(length)) - 1n;
    if (value < n) return value;
  }
}

/** One fair bit. */
export function fairBit(bits: Bits): boolean {
  return (bits.word() & 1) === 1;
}
