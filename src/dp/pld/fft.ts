/** Discrete Fourier transforms of power-of-two length, in place. */

/** η of `fftError`: μ + γ₄(√2 + μ) < 2^-49 for twiddles that err by μ ≤ 2^-50, some four units of their last place. */
const BUTTERFLY_ERROR = 2 ** -49;

/**
 * ‖computed − exact‖₂ ≤ fftError(n)·‖exact‖₂ for one transform of length n = 2^t: t·η/(1 − t·η). [Higham02, Thm 24.2]
 *
 * @param length - power of two
 */
export function fftError(length: number): number {
  const error = Math.log2(length) * BUTTERFLY_ERROR;
  return error / (1 - error);
}

interface Twiddles {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const cache = new Map<number, Twiddles>();

/** cos and sin of 2πj/n, j < n/2. The argument is reduced to an eighth of the circle, where both are accurate. */
function twiddlesOf(n: number): Twiddles {
  const known = cache.get(n);
  if (known !== undefined) return known;
  const half = n / 2;
  const made: Twiddles = { cos: new Float64Array(half), sin: new Float64Array(half) };
  for (let j = 0; j < half; j++) {
    const [c, s] = unit(j, n);
    made.cos[j] = c;
    made.sin[j] = s;
  }
  cache.set(n, made);
  return made;
}

function unit(j: number, n: number): readonly [number, number] {
  if (4 * j > n) {
    const [c, s] = unit(j - n / 4, n);
    return [-s, c];
  }
  if (8 * j > n) {
    const [c, s] = unit(n / 4 - j, n);
    return [s, c];
  }
  const angle = (2 * Math.PI * j) / n;
  return [Math.cos(angle), Math.sin(angle)];
}

/**
 * X[k] = Σ x[j]·exp(−2πi·jk/n), in place; unscaled.
 *
 * @param re - real parts, shape [n], n a power of two
 * @param im - imaginary parts, shape [n]
 */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  reverseBits(re, im);
  const { cos, sin } = twiddlesOf(n);
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    const stride = n / size;
    for (let start = 0; start < n; start += size) {
      for (let j = 0, at = 0; j < half; j++, at += stride) {
        const low = start + j;
        const high = low + half;
        const c = cos[at] as number;
        const s = sin[at] as number;
        const a = re[high] as number;
        const b = im[high] as number;
        const real = a * c + b * s;
        const imaginary = b * c - a * s;
        re[high] = (re[low] as number) - real;
        im[high] = (im[low] as number) - imaginary;
        re[low] = (re[low] as number) + real;
        im[low] = (im[low] as number) + imaginary;
      }
    }
  }
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const real = re[i] as number;
    const imaginary = im[i] as number;
    re[i] = re[j] as number;
    im[i] = im[j] as number;
    re[j] = real;
    im[j] = imaginary;
  }
}
