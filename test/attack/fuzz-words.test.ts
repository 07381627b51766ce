/**
 * 40,000 questions with words exchanged, through whole sessions on neighbouring databases: equal status and text, no
 * failure, no word of an engine, no canary. What is accepted is read, unless its plan was answered before.
 * GAUZE_FUZZ sets how many rounds of as many texts are asked, each with its own seed (1 unless set).
 */
import { expect, it } from 'vitest';
import { askAll, exchangedWords, openPairs, ROUNDS } from './fuzz.ts';

it.each(ROUNDS)(
  'questions with words exchanged, seed %i',
  async (seed) => {
    const pairs = await openPairs();
    try {
      const { asked, accepted, read, faults } = await askAll(pairs, exchangedWords(seed, 40_000));
      expect(faults).toEqual([]);
      expect(asked).toBe(40_000);
      expect(accepted).toBeGreaterThan(3000);
      expect(read).toBeGreaterThan(2000);
    } finally {
      await pairs.close();
    }
  },
  900_000,
);
