import seedrandom from 'seedrandom';
import type { Bits } from '../sampler/bits.ts';

/** Words that a seed determines. What is drawn from them is simulated and protects nobody. */
export interface SimulatedBits extends Bits {
  readonly simulated: true;
}

/** The same words for the same seed, for synthetic data, simulations and tests. */
export function seededBits(seed: string): SimulatedBits {
  const random = seedrandom(seed);
  return { simulated: true, word: () => random.int32() >>> 0 };
}
