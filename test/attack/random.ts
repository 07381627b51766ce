/** Choices of the generators, all drawn from one seeded stream. */

/** A seeded stream of numbers in [0, 1): mulberry32, enough for tests and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Draws from one stream. */
export class Draw {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(0, from.length - 1)] as T;
  }

  /** One to `most` different members, in their order. */
  some<T>(from: readonly T[], most: number): readonly T[] {
    const wanted = this.int(1, Math.min(most, from.length));
    const chosen = new Set<number>();
    while (chosen.size < wanted) chosen.add(this.int(0, from.length - 1));
    return [...chosen].sort((a, b) => a - b).map((index) => from[index] as T);
  }

  /** One of the makers, by weight. */
  weighted<T>(makers: readonly (readonly [weight: number, make: () => T])[]): T {
    const total = makers.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.#random() * total;
    for (const [weight, make] of makers) {
      left -= weight;
      if (left < 0) return make();
    }
    return (makers[makers.length - 1] as (typeof makers)[number])[1]();
  }
}
