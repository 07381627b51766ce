/** Citations: every key in sources and documents stands in the bibliography, and every entry is cited. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sourcesOf } from '../architecture/sources.ts';
import { documents } from './fences.ts';

/** `[CKS20]`, `[DVGM20, Thm 1]`, `[RRUV16; WRRW23 Lemma 3.5]`: names in CamelCase or capitals and a year. */
const CITATION = /\[((?:[A-Z][A-Za-z]*\d{2}\b[^\][;]*)(?:; *[A-Z][A-Za-z]*\d{2}\b[^\][;]*)*)\]/g;

const bibliography = readFileSync('docs/references.bib', 'utf8');
const entries = [...bibliography.matchAll(/^@\w+\{(\w+),$/gm)].map((match) => match[1] as string);

function cited(): Map<string, string> {
  const found = new Map<string, string>();
  const texts = [
    ...['src', 'test', 'bench'].flatMap(sourcesOf).map(({ path, text }) => ({ path, text })),
    ...documents().map((path) => ({ path, text: readFileSync(path, 'utf8') })),
  ];
  for (const { path, text } of texts) {
    if (path === 'test/docs/references.test.ts') continue;
    for (const match of text.matchAll(CITATION)) {
      for (const part of (match[1] as string).split(';')) {
        const key = /^ *([A-Z][A-Za-z]*\d{2})/.exec(part)?.[1];
        if (key !== undefined) found.set(key, path);
      }
    }
  }
  return found;
}

it('every citation has its entry', () => {
  const missing = [...cited()].filter(([key]) => !entries.includes(key));
  expect(missing).toEqual([]);
});

it('every entry is cited, once listed', () => {
  const keys = cited();
  expect(entries.filter((key) => !keys.has(key))).toEqual([]);
  expect(new Set(entries).size).toBe(entries.length);
});

it('every entry says who, what, where and when', () => {
  for (const entry of bibliography.split(/^(?=@)/m).filter((text) => text.startsWith('@'))) {
    for (const field of ['author', 'title', 'year'])
      expect(entry).toMatch(new RegExp(`^  ${field} = \\{.+\\},?$`, 'm'));
    expect(entry).toMatch(/^ {2}(journal|booktitle|howpublished|eprint|publisher) = \{.+\},?$/m);
  }
});
