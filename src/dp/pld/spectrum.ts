/** The product of many spectra, with a proven bound of its rounding. */
import { fft, fftError } from './fft.ts';

/** Rounding of one complex product, √5·2^-53 and room for the rest. */
const PRODUCT_ERROR = 2 ** -51;

/**
 * Collects factors φⱼ to powers nⱼ, then goes back. Everything is kept for frequencies 0…n/2, as masses are real.
 *
 * With eⱼ the error of a computed φ̂ⱼ and |φⱼ| ≤ 1, Π φ̂ⱼ^nⱼ − Π φⱼ^nⱼ telescopes into Σ nⱼ terms, each eⱼ times the other
 * factors, of size B/(|φ̂ⱼ| + Eⱼ) at most, where B = Π (|φ̂ⱼ| + Eⱼ)^nⱼ and Eⱼ ≥ |eⱼ| bounds it at every frequency. By
 * Cauchy and Schwarz a term adds at most ‖eⱼ‖₂·‖B/min_j(|φ̂ⱼ| + Eⱼ)‖₂ to the sum of errors over all frequencies, and that
 * sum over n bounds the error of every mass. ‖eⱼ‖₂ follows from `fftError` and Parseval. Products add a relative
 * (Σ nⱼ)·2^-51, as repeated squaring loses no more than one product for each factor.
 */
export class SpectrumProduct {
  readonly #size: number;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  /** ln B, and ln of the smallest |φ̂ⱼ| + Eⱼ. */
  readonly #logBound: Float64Array;
  readonly #least: Float64Array;
  #powers = 0;
  /** Σ nⱼ·‖eⱼ‖₂. */
  #errors = 0;

  constructor(size: number) {
    this.#size = size;
    this.#re = new Float64Array(size / 2 + 1).fill(1);
    this.#im = new Float64Array(size / 2 + 1);
    this.#logBound = new Float64Array(size / 2 + 1);
    this.#least = new Float64Array(size / 2 + 1).fill(1);
  }

  /**
   * Multiplies by the spectra of two mass functions at once, a + ib, shape [size] each, to powers n and m; both arrays are
   * overwritten. For a single one, b is 0 and m is 0.
   *
   * @param norms - ‖a‖₂ and ‖b‖₂
   */
  multiply(
    a: Float64Array,
    b: Float64Array,
    norms: readonly [number, number],
    powers: readonly [number, number],
  ): void {
    const size = this.#size;
    const error = fftError(size) * Math.sqrt(size) * Math.hypot(...norms) * (1 + 2 ** -40);
    fft(a, b);
    for (let k = 0; k <= size / 2; k++) {
      const mirror = (size - k) & (size - 1);
      const [x, y, u, v] = [a[k] as number, b[k] as number, a[mirror] as number, b[mirror] as number];
      this.#factor(k, (x + u) / 2, (y - v) / 2, powers[0], error);
      if (powers[1] > 0) this.#factor(k, (y + v) / 2, (u - x) / 2, powers[1], error);
    }
    this.#powers += powers[0] + powers[1];
    this.#errors += (powers[0] + powers[1]) * error;
  }

  #factor(k: number, re: number, im: number, power: number, error: number): void {
    const size = Math.sqrt(re * re + im * im) + error;
    this.#logBound[k] = (this.#logBound[k] as number) + power * Math.log(size);
    if (size < (this.#least[k] as number)) this.#least[k] = size;
    let [x, y] = [this.#re[k] as number, this.#im[k] as number];
    for (let left = power, a = re, b = im; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) [x, y] = [x * a - y * b, x * b + y * a];
      [a, b] = [a * a - b * b, 2 * a * b];
    }
    this.#re[k] = x;
    this.#im[k] = y;
  }

  /** The masses of the product, shape [size], and how far each may be from the exact one. */
  masses(): { readonly masses: Float64Array; readonly error: number } {
    const size = this.#size;
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    let [bound, absolute, squares] = [0, 0, 0];
    for (let k = 0; k <= size / 2; k++) {
      const mirror = (size - k) & (size - 1);
      const [x, y] = [this.#re[k] as number, this.#im[k] as number];
      // Conjugate spectrum, forward transform: the inverse, for real masses.
      re[k] = x;
      im[k] = -y;
      re[mirror] = x;
      im[mirror] = mirror === k ? -y : y;
      const twice = mirror === k ? 1 : 2;
      bound += (twice * Math.exp(2 * (this.#logBound[k] as number))) / (this.#least[k] as number) ** 2;
      absolute += twice * Math.sqrt(x * x + y * y);
      squares += twice * (x * x + y * y);
    }
    fft(re, im);
    for (let i = 0; i < size; i++) re[i] = (re[i] as number) / size;
    const products = this.#powers * PRODUCT_ERROR * absolute * (1 + this.#powers * PRODUCT_ERROR);
    const back = fftError(size) * Math.sqrt(size) * Math.sqrt(squares);
    // The logarithm of B errs by less than 2^-40 of the number of factors.
    const error = ((this.#errors * Math.sqrt(bound) * (1 + 2 ** -20) + products + back) / size) * (1 + 2 ** -20);
    return { masses: re, error };
  }
}
