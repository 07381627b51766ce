import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES, GauzeError, locate, positionOf, SpannedError } from '../src/errors.ts';
import { sourcesOf } from './architecture/sources.ts';

describe('positions', () => {
  it('count lines and columns from 1, in code points', () => {
    const text = 'SELECT 1\n  FROM "𝒳" x';
    const at = text.indexOf(' x') + 1;
    expect(positionOf(text, { start: at, end: at + 1 })).toEqual({ line: 2, column: 12, length: 1 });
    const name = text.indexOf('"');
    expect(positionOf(text, { start: name, end: text.lastIndexOf('"') + 1 })).toEqual({
      line: 2,
      column: 8,
      length: 3,
    });
  });

  it('are given to spanned errors, and other errors pass through', () => {
    const located = locate(
      new SpannedError('QUERY_TYPE', { start: 7, end: 8 }, { message: 'm', next: 'n' }),
      'SELECT x',
    );
    expect(located).toBeInstanceOf(GauzeError);
    expect((located as GauzeError).toJSON()).toEqual({
      code: 'QUERY_TYPE',
      message: 'm',
      at: { line: 1, column: 8, length: 1 },
      next: 'n',
    });
    const other = new Error('other');
    expect(locate(other, '')).toBe(other);
  });
});

describe('codes', () => {
  it('are documented with their exit code, all of them and no others', () => {
    const rows = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| (\d) \|/gm)];
    expect(Object.fromEntries(rows.map(([, code, exit]) => [code, Number(exit)]))).toEqual(EXIT_CODES);
  });

  it('are raised somewhere, every one', () => {
    // Many are raised through functions of a room that take the code; in errors.ts itself only a construction counts.
    const raised = sourcesOf('src').flatMap(({ path, text }) =>
      [...text.matchAll(path === 'src/errors.ts' ? /new GauzeError\('([A-Z_]+)'/g : /'([A-Z_]+)'/g)].map(
        ([, code]) => code,
      ),
    );
    expect(Object.keys(EXIT_CODES).filter((code) => !raised.includes(code))).toEqual([]);
  });
});
