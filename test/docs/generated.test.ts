/** Lists in the documentation agree with the sources. `GAUZE_WRITE_DOCS=1` writes them anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    [...read(file).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([link, target, anchor]) => {
      const path = target === '' ? file : new URL(target as string, `file:///${file}`).pathname.slice(1);
      const found = exists(path) && (anchor === undefined || anchorsOf(path).includes(anchor));
      return found ? [] : [`${file}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});

/** Names of a document's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}

it('docs/architecture.md names every folder and every door of src', () => {
  const text = read('docs/architecture.md');
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const folders = new Set(
    sources.filter((path) => path.endsWith('.ts')).map((path) => `src/${path}`.replace(/[^/]*$/, '')),
  );
  folders.delete('src/');
  const doors = readdirSync('src').filter((name) => name.endsWith('.ts'));
  const known = (name: string): boolean =>
    text.includes(`\`${name}\``) || text.includes(`\`${name.slice('src/'.length)}\``);
  expect([...folders].filter((path) => !known(path))).toEqual([]);
  expect(doors.filter((name) => !known(`src/${name}`))).toEqual([]);
});

it('files that the documentation names are there', () => {
  const named = /`((?:src|test|bench|schema|docs)\/[\w./*-]+?)\/?`/g;
  const missing = documents().flatMap((file) =>
    [...read(file).matchAll(named)]
      .map((match) => match[1] as string)
      .filter((path) => !isThere(path))
      .map((path) => `${file}: ${path}`),
  );
  expect(missing).toEqual([]);
});

/** Whether a path exists; a star stands for any part of a file's name. */
function isThere(path: string): boolean {
  if (!path.includes('*')) return exists(path);
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  const pattern = new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  return exists(folder) && readdirSync(folder).some((entry) => pattern.test(entry));
}
