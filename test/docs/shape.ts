/** Whether an output shown in the documentation has the shape of a real one: noise may differ, nothing else. */

/** Lines that hold no noise: they must agree to the letter. */
const EXACT = /^\s*(cost |note: |Next: |Costs |[A-Z]+_[A-Z_]+[ :]|USAGE[ :])/;
const NUMBER = /[-+−]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?/g;

/** Differences, in words; none when the shapes agree. Lines of `…` in the documentation stand for any lines. */
export function differences(shown: string, real: string): string[] {
  const text = shown.trim();
  return /^\{\s*"/.test(text)
    ? jsonDifferences(JSON.parse(text), JSON.parse(real.trim()), '$')
    : textDifferences(text, real.trim());
}

function textDifferences(shown: string, real: string): string[] {
  const wanted = shown.split('\n');
  const got = real.split('\n');
  let at = 0;
  for (const [index, line] of wanted.entries()) {
    if (line.trim() === '…') {
      const next = wanted[index + 1];
      if (next === undefined) return [];
      while (at < got.length && !agree(next, got[at] as string)) at += 1;
      continue;
    }
    const found = got[at];
    if (found === undefined) return [`missing: ${line}`];
    if (!agree(line, found)) return [`shown: ${line}`, `real:  ${found}`];
    at += 1;
  }
  return at === got.length ? [] : [`not shown: ${got[at]}`];
}

function agree(shown: string, real: string): boolean {
  if (EXACT.test(shown)) return shown.trim() === real.trim();
  return masked(shown) === masked(real);
}

function masked(line: string): string {
  return line.replace(NUMBER, '#').replace(/─+/g, '─').replace(/\s+/g, ' ').trim();
}

/** Members whose values are noisy: their shape alone is compared. */
const NOISY = new Set(['rows', 'intervals', 'expected']);

/** A member shown as `…` stands for any value. */
function jsonDifferences(shown: unknown, real: unknown, path: string, noisy = false): string[] {
  if (shown === '…' && real !== undefined) return [];
  if (Array.isArray(shown) && Array.isArray(real)) {
    if (shown.length !== real.length) return [`${path}: ${shown.length} entries shown, ${real.length} real`];
    return shown.flatMap((value, index) => jsonDifferences(value, real[index], `${path}[${index}]`, noisy));
  }
  if (isMap(shown) && isMap(real)) {
    const names = [Object.keys(shown), Object.keys(real)].map((keys) => keys.join(', '));
    if (names[0] !== names[1]) return [`${path}: members ${names[0]} shown, ${names[1]} real`];
    return Object.entries(shown).flatMap(([name, value]) =>
      jsonDifferences(value, real[name], `${path}.${name}`, noisy || NOISY.has(name)),
    );
  }
  if (noisy && typeof shown === 'number' && typeof real === 'number') return [];
  return Object.is(shown, real) ? [] : [`${path}: ${JSON.stringify(shown)} shown, ${JSON.stringify(real)} real`];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
