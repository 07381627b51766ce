import type { Bits } from './bits.ts';

const WORD = 4294967296;

/** Uniform integer in [0, n), 1 ≤ n ≤ 2^32, by rejection: fewer than two tries expected. */
export function uniformBelow(bits: Bits, n: number): number {
  const limit = WORD - (WORD % n);
  for (;;) {
    const word = bits.word();
    if (word < limit) return word % n;
  }
}

/** Uniform integer in [0, n) for any n ≥ 1, by rejection from the smallest covering power of two: under two tries. */
export function uniformBelowBig(bits: Bits, n: bigint): bigint {
  if (n <= BigInt(WORD)) return BigInt(uniformBelow(bits, Number(n)));
  const length = (n - 1n).toString(2).length;
  const mask = (1n << BigInt(length)) - 1n;
  for (;;) {
    let value = 0n;
    for (let taken = 0; taken < length; taken += 32) value = (value << 32n) | BigInt(bits.word());
    value &= mask;
    if (value < n) return value;
  }
}

/** One fair bit. */
export function fairBit(bits: Bits): boolean {
  return (bits.word() & 1) === 1;
}
