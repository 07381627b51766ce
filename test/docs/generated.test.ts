/** Lists in the documentation agree with the sources. `GAUZE_WRITE_DOCS=1` writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/errors.ts';
import { documents } from './fences.ts';
import { GENERATED, markersOf, refreshed } from './generated.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

it.each(documents())('%s holds what the sources say', (file) => {
  const wanted = refreshed(read(file));
  if (process.env.GAUZE_WRITE_DOCS === '1') writeFileSync(file, wanted);
  expect(read(file)).toBe(wanted);
});

it('every generated part is shown somewhere', () => {
  const shown = new Set(documents().flatMap((file) => markersOf(read(file))));
  expect(Object.keys(GENERATED).filter((name) => !shown.has(name))).toEqual([]);
});

it('docs/errors.md lists every code with its exit code', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (\d) \|/gm)];
  expect(Object.fromEntries(rows.map(([, code, exit]) => [code, Number(exit)]))).toEqual(EXIT_CODES);
});

it('docs/policy.md names every finding of the lint', () => {
  const union = /export type LintCode =([^;]+);/.exec(read('src/policy/lint/finding.ts'))?.[1] ?? '';
  const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map((match) => match[1] as string);
  const text = read('docs/policy.md');
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});

it('links between documents lead somewhere', () => {
  const broken = documents().flatMap((file) =>
    [...read(file).matchAll(/\]\(([^)#:\s]+)(#[^)]*)?\)/g)]
      .map((match) => new URL(match[1] as string, `file:///${file}`).pathname.slice(1))
      .filter((path) => !exists(path))
      .map((path) => `${file}: ${path}`),
  );
  expect(broken).toEqual([]);
});

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
