/** Functions of text; positions and lengths count code points. */

/** `LIKE`: % any run, _ one code point, everything else itself. Linear space, time |text|·|pattern| at worst. */
export function like(text: string, pattern: string): boolean {
  const letters = [...text];
  const wanted = [...pattern];
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < letters.length) {
    if (wanted[next] === '%') {
      star = next;
      next += 1;
      resume = at;
    } else if (next < wanted.length && (wanted[next] === '_' || wanted[next] === letters[at])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      next = star + 1;
    } else {
      return false;
    }
  }
  while (wanted[next] === '%') next += 1;
  return next === wanted.length;
}

/** Number of code points. */
export function lengthOf(text: string): bigint {
  let count = 0n;
  for (const _ of text) count += 1n;
  return count;
}

/** See `SCALARS.substring`. */
export function substring(text: string, position: bigint, length: bigint | null): string {
  const letters = [...text];
  const size = BigInt(letters.length);
  const origin = position > 0n ? position - 1n : position < 0n ? size + position : -1n;
  let [from, to] = [origin, length === null ? size : origin + length];
  if (to < from && length !== null) [from, to] = [to, from];
  return letters.slice(clampIndex(from, size), clampIndex(to, size)).join('');
}

/** See `SCALARS.left` and `SCALARS.right`. */
export function left(text: string, count: bigint): string {
  const letters = [...text];
  const size = BigInt(letters.length);
  return letters.slice(0, clampIndex(count < 0n ? size + count : count, size)).join('');
}

export function right(text: string, count: bigint): string {
  const letters = [...text];
  const size = BigInt(letters.length);
  return letters.slice(clampIndex(count < 0n ? -count : size - count, size)).join('');
}

function clampIndex(index: bigint, size: bigint): number {
  return Number(index < 0n ? 0n : index > size ? size : index);
}

/** Removes letters at the ends; without `letters`, space separators (Unicode Zs). */
export function trim(text: string, letters: string | null, ends: 'both' | 'start' | 'end'): string {
  const set = letters === null ? null : new Set(letters);
  const goes = (letter: string): boolean => (set === null ? /^\p{Zs}$/u.test(letter) : set.has(letter));
  const all = [...text];
  let from = 0;
  let to = all.length;
  if (ends !== 'end') while (from < to && goes(all[from]!)) from += 1;
  if (ends !== 'start') while (to > from && goes(all[to - 1]!)) to -= 1;
  return all.slice(from, to).join('');
}

/** Every occurrence replaced; an empty pattern occurs nowhere. */
export function replace(text: string, pattern: string, replacement: string): string {
  return pattern === '' ? text : text.split(pattern).join(replacement);
}

/** Position in code points from 1; 0 where absent. */
export function position(text: string, part: string): bigint {
  const at = text.indexOf(part);
  return at < 0 ? 0n : lengthOf(text.slice(0, at)) + 1n;
}
