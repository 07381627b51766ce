/** Uniform 32-bit words; the only way randomness enters this room. */
export interface Bits {
  /** A fresh uniform integer in [0, 2^32). */
  word(): number;
}
