/**
 * exp and ln from IEEE additions and multiplications alone, with proven errors: `Math.exp` and `Math.log` promise none.
 * They only ever filter: whoever uses them decides exactly where the error could matter.
 */
import { expBounds, logFixed } from '../exp-bounds.ts';

/** Largest argument of `expNegative`. */
export const EXP_ARGUMENT_MAX = 64;
/** Absolute error of `minusLog` stays below this while u ≥ 2^-21: products and sums below 16 round within 2^-50 each. */
export const LOG_ERROR: number = 2 ** -47;

interface Tables {
  /** exp(−j), j = 0 … 64. */
  readonly whole: Float64Array;
  /** exp(−i/64). */
  readonly part: Float64Array;
  /** 1/c for the middle c of the j-th of 128 cells of [1, 2), and −ln of that double. */
  readonly inverse: Float64Array;
  readonly minusLogInverse: Float64Array;
  /** 2^(k−52). */
  readonly power: Float64Array;
}

const WIDTH = 160;

let tables: Tables | null = null;

/** The constants, made at first use. */
export function expTables(): Tables {
  tables ??= makeTables();
  return tables;
}

/**
 * exp(−γ) for 0 ≤ γ < 64, within 2^-49 of itself: two table entries and two products err by 4·2^-53, the polynomial by
 * 3·2^-53. The remainder γ − i/64 is exact; Taylor to degree 6 leaves 2^-54.
 */
export function expNegative({ whole, part }: Tables, gamma: number): number {
  const i = Math.floor(gamma * 64);
  const r = gamma - i / 64;
  const series = 1 + r * (-1 + r * (1 / 2 + r * (-1 / 6 + r * (1 / 24 + r * (-1 / 120 + r * (1 / 720))))));
  return (whole[i >> 6] as number) * (part[i & 63] as number) * series;
}

/** −ln(x·2^-53) for an integer x of 53 binary digits with `zeros` ≤ 20 leading zeros. */
export function minusLog({ inverse, minusLogInverse, power }: Tables, x: number, zeros: number): number {
  const m = x * (power[zeros] as number);
  const cell = Math.floor((m - 1) * 128);
  const d = m * (inverse[cell] as number) - 1;
  const series = d * (1 + d * (-1 / 2 + d * (1 / 3 + d * (-1 / 4 + d * (1 / 5 + d * (-1 / 6 + d * (1 / 7)))))));
  return (zeros + 1) * Math.LN2 - ((minusLogInverse[cell] as number) + series);
}

function makeTables(): Tables {
  const exp = (a: number, b: number): number => Number(expBounds(BigInt(a), BigInt(b), WIDTH).low) / 2 ** WIDTH;
  const inverse = Float64Array.from({ length: 128 }, (_, j) => 1 / (1 + (j + 0.5) / 128));
  return {
    whole: Float64Array.from({ length: 65 }, (_, j) => exp(j, 1)),
    part: Float64Array.from({ length: 64 }, (_, i) => exp(i, 64)),
    inverse,
    minusLogInverse: inverse.map((c) => Number(logFixed(1n << 53n, BigInt(c * 2 ** 53), WIDTH)) / 2 ** WIDTH),
    power: Float64Array.from({ length: 33 }, (_, k) => 2 ** (k - 52)),
  };
}
