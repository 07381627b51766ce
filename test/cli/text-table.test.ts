/** Tables within a width, whatever is in them: no character of a figure is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TextColumn, textTable } from '../../src/cli/text-table.ts';
import { displayWidth } from '../../src/cli/width.ts';
import { wrapped } from '../../src/cli/wrap.ts';

const key = (title: string, ...cells: string[]): TextColumn => ({ title, cells, right: false, role: 'key' });
const figure = (title: string, ...cells: string[]): TextColumn => ({ title, cells, right: true });
const interval = (...cells: string[]): TextColumn => ({ title: '95 %', cells, right: false, role: 'beside' });

describe('a table', () => {
  it('that fits is one block', () => {
    expect(textTable([key('sex', 'F', 'M'), figure('n', '10', '9'), interval('[8, 12]', '[7, 11]')], 40)).toEqual([
      'sex   n  95 %',
      '───  ──  ───────',
      'F    10  [8, 12]',
      'M     9  [7, 11]',
    ]);
  });

  it('folds the texts of its keys before anything else', () => {
    const name = 'Chronic obstructive pulmonary disease, unspecified';
    expect(textTable([key('diagnosis', name), figure('n', '1234567')], 34)).toEqual([
      'diagnosis                        n',
      '─────────────────────────  ───────',
      'Chronic obstructive        1234567',
      'pulmonary disease,',
      'unspecified',
    ]);
  });

  it('folds a title that is wider than its figures', () => {
    const lines = textTable([figure('patients_with_diabetes', '12'), figure('b', '3')], 20);
    expect(lines[0]?.trimStart().startsWith('patients_')).toBe(true);
    expect(lines.at(-1)).toMatch(/12 {2}3$/);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(20);
  });

  it('stands in blocks where figures are too many, each with its keys, intervals beside their values', () => {
    const figures = Array.from({ length: 6 }, (_, at) => [figure(`c${at}`, '1000'), interval('[900, 1100]')]).flat();
    const lines = textTable([key('ward', 'icu'), ...figures], 45);
    expect(lines.filter((line) => line.startsWith('ward')).length).toBe(3);
    expect(lines.filter((line) => line === 'icu   1000  [900, 1100]  1000  [900, 1100]').length).toBe(3);
  });

  it('keeps every figure whole at any width', () => {
    const columns = fc.array(
      fc.record({
        title: fc.string({ unit: 'grapheme', maxLength: 30 }),
        cells: fc.array(fc.integer().map(String), { minLength: 3, maxLength: 3 }),
        right: fc.constant(true),
        role: fc.constantFrom(...(['key', 'beside', 'figure'] as const)),
      }),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(columns, fc.integer({ min: 10, max: 120 }), (given, width) => {
        const made = given.map(({ role, ...rest }): TextColumn => (role === 'figure' ? rest : { ...rest, role }));
        const words = textTable(made, width).join('\n').split(/\s+/);
        for (const cell of given.flatMap(({ cells }) => cells)) expect(words).toContain(cell);
      }),
      { numRuns: 200 },
    );
  });
});

describe('prose', () => {
  it('is broken at spaces, with its margin, and a symbol stays with its number', () => {
    expect(wrapped('  one two three', 9, 2)).toEqual(['  one two', '    three']);
    expect(wrapped('half-width ± 700 persons', 14)).toEqual(['half-width', '± 700 persons']);
    expect(wrapped('a\nb c', 3)).toEqual(['a', 'b c']);
  });

  it('loses nothing, and is wider than asked only where one word is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zäßé]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 14, max: 60 }),
        (words, width) => {
          const lines = wrapped(words.join(' '), width, 2);
          expect(lines.map((line) => line.trim()).join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
