/** Privacy amounts as a policy's author writes them. */
import { decimal, type Rational } from '../../dp/rational.ts';

/** `2.5`, and `1e-6` where a decimal would begin with three zeros or more; YAML and JSON read both. */
export function printAmount(value: Rational): string {
  const text = decimal(value);
  const [, zeros, first, rest] = /^0\.(0{3,})(\d)(\d*)$/.exec(text) ?? [];
  if (zeros === undefined) return text;
  return `${first}${rest === '' ? '' : `.${rest}`}e-${zeros.length + 1}`;
}
